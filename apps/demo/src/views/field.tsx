import type { JSX } from 'preact';

/** A line of text to fill in, with its label and what it is for. */
export function Field({
  name,
  label,
  help,
  type = 'text',
  autocomplete,
  initial = '',
  isBusy = false,
}: {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly type?: 'text' | 'password' | 'email';
  readonly autocomplete: AutoFill;
  readonly initial?: string;
  readonly isBusy?: boolean;
}): JSX.Element {
  const id = `field-${name}`;
  const common = {
    id,
    name,
    autocomplete,
    required: true,
    autocapitalize: 'none',
    spellcheck: false,
    defaultValue: initial,
    disabled: isBusy,
    ...(help === undefined ? {} : { 'aria-describedby': `${id}-help` }),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? (
        <input {...common} type="password" />
      ) : (
        <input {...common} type="text" inputMode={type} />
      )}
      {help !== undefined && (
        <small id={`${id}-help`} class="muted">
          {help}
        </small>
      )}
    </div>
  );
}
