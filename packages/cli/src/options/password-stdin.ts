import { Option } from '@commander-js/extra-typings';

export const PASSWORD_STDIN_OPTION = new Option(
  '--password-stdin',
  'take the password from standard input, without the line break at its end',
);
