/** Users that a service is for: the one who installs it, or the whole computer. */
export type Scope = 'user' | 'system';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** A command that changes something. */
export interface Step {
  readonly command: Command;
  /** It may fail: there was nothing to do. */
  readonly mayFail?: true;
}

/** A file that is installed with the service. */
export interface ServiceFile {
  readonly path: string;
  readonly content: string;
  /** UTF-8 if left out. */
  readonly encoding?: 'utf8' | 'utf16le';
}

/** A file that the service reads when it starts, under the name it has for the service. */
export interface InputFile {
  readonly name: string;
  readonly path: string;
  /** Variable that is to hold the path at which the service finds it. */
  readonly variable?: string;
}

/** The service to install: its program, its user and its files. */
export interface ServiceSetting {
  readonly scope: Scope;
  readonly node: string;
  /** The script that Node.js runs. */
  readonly egvkit: string;
  /** Home of the user. */
  readonly home: string;
  /** File of settings. */
  readonly settings: string;
  /** Folder of settings and passwords. */
  readonly configFolder: string;
  /** Settings and passwords that there are. */
  readonly inputs: readonly InputFile[];
  /** Variables that the service is to have. */
  readonly environment: Readonly<Record<string, string>>;
  /** Group that owns serial ports; undefined if there is none. */
  readonly portGroup?: string | undefined;
  /** Number of the user, where users have one. */
  readonly userId?: number | undefined;
}

/** State of the service, as its manager tells it. */
export interface ServiceState {
  /** True if it starts by itself with the computer or with the user's session. */
  readonly enabled: boolean;
  readonly running: boolean;
  /** True if the manager will start it again by itself. */
  readonly waiting: boolean;
  /** Unix ms of the last start; undefined if it is not told. */
  readonly startedMs?: number | undefined;
  /** Exit code it last ended with; undefined if it runs, never ran, or that is not told. */
  readonly exitCode?: number | undefined;
  /** Words of the manager, for a person: `active (running)`. */
  readonly words: string;
}

/** Files and commands by which one manager of services has the service. */
export interface ServicePlan {
  /** Name for people: `systemd`. */
  readonly manager: string;
  readonly definition: ServiceFile;
  /** Says that there is such a manager, and that it runs. */
  readonly probe: { readonly command: Command; readonly works: (output: string) => boolean };
  /** After the definition has changed. */
  readonly reload: readonly Step[];
  /** Lets it start by itself. */
  readonly enable: readonly Step[];
  readonly start: readonly Step[];
  readonly restart: readonly Step[];
  /** Stops it, and lets it no longer start by itself; before the definition is removed. */
  readonly disable: readonly Step[];
  /** After the definition was removed. */
  readonly forget: readonly Step[];
  readonly query: Command;
  readonly readState: (output: string, succeeded: boolean) => ServiceState;
  /** Command that shows the log to a person. */
  readonly log: string;
}

/** Folder of what a service of the whole computer remembers; systemd makes it. */
export const SYSTEM_STATE_FOLDER = '/var/lib/egvkit';

/** First line of all files that egvkit installs: what does not have it is not replaced or removed. */
export const MARK = 'Written by "egvkit service install", and replaced by it.';
