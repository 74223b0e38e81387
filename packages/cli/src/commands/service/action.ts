import type { Io } from '../../io/io.ts';
import { chosenScope, type ScopeOptions } from '../../options/service.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { printable } from '../../output/printable.ts';
import { formatTime } from '../../output/time.ts';
import { type InstallPreview, installService, previewService } from '../../service/install.ts';
import type { ServiceState } from '../../service/plan.ts';
import { type ServiceStatus, serviceStatus, statusCommand } from '../../service/status.ts';
import { uninstallService } from '../../service/uninstall.ts';

interface ServiceOptions extends ScopeOptions {
  readonly print?: true | undefined;
  readonly json?: true | undefined;
}

/** Installs the service, or prints all that would be done. */
export async function install(options: ServiceOptions, io: Io): Promise<ExitCode> {
  const scope = chosenScope(options);
  if (options.print) {
    const preview = await previewService({ scope }, io);
    io.write(options.json ? jsonLine({ ok: true, ...preview }) : previewText(preview));
    return EXIT.ok;
  }
  const report = await installService({ scope }, io);
  const { running, waiting } = report.state;
  const exitCode = exitOfState(report.state);
  if (options.json) {
    io.write(jsonLine({ ok: running, ...report }));
    return exitCode;
  }
  const lines = [
    ...report.files.map(({ path, outcome }) => `${path}: ${outcome}`),
    ...report.commands.map((command) => `ran: ${command}`),
    `The ${report.scope} service of ${report.manager} is installed, and ${running ? 'runs' : waiting ? 'is about to start again' : 'does not run'}.`,
    ...describeEnd(report.state),
    ...report.notes,
    `"egvkit service status" says whether it runs, "${statusCommand(report.scope)}" what it uploads.`,
  ];
  for (const line of lines) io.write(`${printable(line)}\n`);
  return exitCode;
}

/** Running, about to start again, or stopped until a person acts. */
function exitOfState({ running, waiting }: ServiceState): ExitCode {
  if (running) return EXIT.ok;
  return waiting ? EXIT.tryLater : EXIT.needsPerson;
}

function describeEnd({ exitCode }: ServiceState): string[] {
  if (exitCode === undefined) return [];
  const row = Object.values(EXIT_CODES).find(({ code }) => code === exitCode);
  return [`It ended with exit code ${exitCode}${row === undefined ? '' : `: ${row.meaning}`}.`];
}

function previewText({ files, commands }: InstallPreview): string {
  return [
    ...files.map(({ path, content }) => `# The file ${path}:\n\n${content.replace(/^\uFEFF/, '')}`),
    `# Then the commands:\n\n${commands.join('\n')}\n`,
  ].join('\n');
}

/** Removes the service and says what is gone and what stays. */
export async function uninstall(options: ServiceOptions, io: Io): Promise<ExitCode> {
  const report = await uninstallService({ scope: chosenScope(options) }, io);
  if (options.json) {
    io.write(jsonLine({ ok: true, ...report }));
    return EXIT.ok;
  }
  const lines = [
    ...report.commands.map((command) => `ran: ${command}`),
    ...report.removed.map((path) => `${path}: removed`),
    ...report.kept.map((path) => `${path}: kept`),
  ];
  for (const line of lines) io.write(`${printable(line)}\n`);
  return EXIT.ok;
}

/** Says whether the service runs. The exit code says so too: running, starting again, stopped. */
export async function status(options: ServiceOptions, io: Io): Promise<ExitCode> {
  const found = await serviceStatus({ scope: chosenScope(options) }, io);
  if (options.json) io.write(jsonLine({ ok: found.running, ...found }));
  else for (const line of statusLines(found)) io.write(`${printable(line)}\n`);
  return exitOfState(found);
}

function statusLines(found: ServiceStatus): string[] {
  const { scope, manager, path, running, waiting, enabled, startedMs } = found;
  const since = startedMs === undefined ? '' : ` since ${formatTime(startedMs)}`;
  const state = running ? `runs${since}` : waiting ? 'is about to start again' : 'does not run';
  return [
    `The ${scope} service of ${manager} ${state} (${found.words}; ${path}).`,
    ...describeEnd(found),
    ...(enabled ? [] : ['It does not start by itself: run "egvkit service install" again.']),
    ...(running || waiting
      ? []
      : ['Do what its log says, then run "egvkit service install" again.']),
    `What it uploads: ${found.statusCommand}`,
    `Its log: ${found.logCommand}`,
  ];
}
