import { rm } from 'node:fs/promises';
import { settingsPath } from '../../io/config-path.ts';
import { Interrupted } from '../../io/interrupted.ts';
import type { Io } from '../../io/io.ts';
import { chosenScope, type ScopeOptions } from '../../options/service.ts';
import { DEFAULT_UNIT } from '../../options/units.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { parseSetting } from '../../settings/settings.ts';
import { readSettings, writeSettings } from '../../settings/settings-file.ts';
import { install as installService } from '../service/action.ts';
import type { Answers, TriedSecret } from './answers.ts';
import { type Dialog, openDialog } from './dialog.ts';
import { filedSecret, keepSecrets, secretPath, supersededFiles } from './kept-secret.ts';
import { askNightscout } from './nightscout-step.ts';
import { askReceiver, assignReceiver } from './receiver-step.ts';
import { askShareAccount } from './share-step.ts';

interface SetupOptions extends ScopeOptions {
  readonly json?: true | undefined;
}

/** Asks, tries each answer, keeps the settings and installs the service. */
export async function setUp(options: SetupOptions, io: Io): Promise<ExitCode> {
  const dialog = openDialog(io);
  chosenScope(options);
  const { say } = dialog;
  const path = settingsPath(io.env);
  const answers: Answers = {
    settings: await readSettings(path, io.signal),
    secrets: [],
    client: undefined,
    assign: undefined,
  };
  say(
    'Each answer is tried at once. Enter takes the one in brackets; Ctrl-C ends without a change.',
  );
  const destinations = await askDestinations(dialog, answers);
  if (destinations.includes('share')) await askShareAccount(dialog, answers);
  if (destinations.includes('nightscout')) await askNightscout(dialog, answers);
  answers.settings.units = await dialog.text('Show glucose in mg/dL or mmol/L', {
    initial: String(answers.settings.units ?? DEFAULT_UNIT),
    parse: (text) => parseSetting('units', text),
  });
  await askReceiver(dialog, answers);
  const keeping = await askToKeep(dialog, answers);
  const install = keeping.isComplete && (await askToInstall(dialog));

  // All is known and was tried, and nothing is asked from here on.
  if (io.signal.aborted) throw new Interrupted();
  await assignReceiver(dialog, answers);
  const undo = await keepSecrets(keeping.secrets, io);
  try {
    await writeSettings(path, answers.settings);
  } catch (error) {
    await undo();
    throw error;
  }
  say(`The settings are in ${path}.`);
  for (const { kind } of keeping.secrets) {
    say(`The ${kind.what} is in ${secretPath(kind, io.env)}, for you alone.`);
  }
  for (const file of keeping.superseded) {
    await rm(file, { force: true });
    say(`${file} is removed.`);
  }
  if (install) return await installService(options, io);
  say('No service was installed: "egvkit service install" does that at any time.');
  if (options.json) io.write(jsonLine({ ok: true, path }));
  return EXIT.ok;
}

async function askDestinations({ text }: Dialog, answers: Answers): Promise<readonly string[]> {
  const initial = [answers.settings.destinations ?? 'share'].flat().join(',');
  const destinations = await text(
    'Where readings go: share or nightscout; for both, share,nightscout',
    {
      initial,
      parse: (answer) => [parseSetting('destinations', answer)].flat(),
    },
  );
  answers.settings.destinations = destinations;
  return destinations;
}

/** Secrets to write, files to remove, and true if the service has all that it needs then. */
interface Keeping {
  readonly secrets: readonly TriedSecret[];
  readonly superseded: readonly string[];
  readonly isComplete: boolean;
}

/** Asks whether secrets that the service would not find may be written to files. */
async function askToKeep({ io, say, yesNo }: Dialog, { secrets }: Answers): Promise<Keeping> {
  const missing: TriedSecret[] = [];
  for (const secret of secrets) {
    if ((await filedSecret(secret.kind, io)) !== secret.value) missing.push(secret);
  }
  const superseded = await supersededFiles(secrets, io);
  let isAgreed = true;
  if (missing.length > 0) {
    say(
      'The service runs when nobody is there to type a password. It can be kept in a file of your own:',
    );
    for (const { kind } of missing) say(`  ${secretPath(kind, io.env)} (${kind.what})`);
    isAgreed = await yesNo('Write it there, readable by you alone (mode 600)?', false);
  }
  if (isAgreed && superseded.length > 0) {
    say(`The service would go on with the token in ${superseded.join(', ')}.`);
    isAgreed = await yesNo('Remove that file?', true);
  }
  if (!isAgreed) return { secrets: [], superseded: [], isComplete: false };
  return { secrets: missing, superseded, isComplete: true };
}

async function askToInstall({ yesNo }: Dialog): Promise<boolean> {
  return await yesNo('Install the service, which uploads from now on?', true);
}
