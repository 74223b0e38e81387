import type { JSX } from 'preact';
import { hasReadings, isEmulated, lastDevice, readSoFar } from '../app/receiver-session.ts';
import { csvOf, jsonOf } from '../readings/export.ts';
import { t } from '../words/language.ts';

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** With the day of this computer's calendar. */
function nameOf(end: string): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${isEmulated.value ? 'emulated-' : ''}glucose-${day}.${end}`;
}

/** Saves what was read, and prints what is shown. */
export function SaveButtons(): JSX.Element {
  const saveCsv = (): void => save(nameOf('csv'), 'text/csv', csvOf(readSoFar.value.history));
  const saveJson = (): void => {
    const { product, serialNumber } = lastDevice.value ?? {};
    const origin = { product, serialNumber, isEmulated: isEmulated.value, savedMs: Date.now() };
    save(nameOf('json'), 'application/json', jsonOf(readSoFar.value.history, origin));
  };
  const isNone = !hasReadings.value;
  return (
    <div class="save">
      <button type="button" class="quiet" disabled={isNone} onClick={saveCsv}>
        {t('saveCsv')}
      </button>
      <button type="button" class="quiet" disabled={isNone} onClick={saveJson}>
        {t('saveJson')}
      </button>
      <button type="button" class="quiet" disabled={isNone} onClick={() => print()}>
        {t('print')}
      </button>
    </div>
  );
}
