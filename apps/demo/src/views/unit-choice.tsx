import type { JSX } from 'preact';
import { type Unit, unit } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Choice } from './parts.tsx';

const UNITS: readonly Unit[] = ['mg/dL', 'mmol/L'];

/** The two units of glucose. */
export function UnitChoice(): JSX.Element {
  return (
    <Choice
      label={t('unit')}
      value={unit.value}
      options={UNITS.map((value) => ({ value, label: value }))}
      onChoose={(value) => {
        unit.value = value;
      }}
    />
  );
}
