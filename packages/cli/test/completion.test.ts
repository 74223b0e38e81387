import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MAIN } from './support/terminal.ts';

/** Completions of a command line, the last word of which is unfinished. */
function offered(...words: readonly string[]): string[] {
  const args = [MAIN, 'complete', '--', ...words];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.pop()).toMatch(/^:\d+$/);
  return lines.map((line) => line.split('\t')[0] ?? '');
}

describe('egvkit completion', { timeout: 30_000 }, () => {
  it.each([
    ['bash', /complete -F \w+ egvkit/],
    ['zsh', /#compdef egvkit/],
    ['fish', /complete -c egvkit/],
    ['powershell', /Register-ArgumentCompleter/],
  ])('prints a script for %s that asks egvkit', (shell, line) => {
    const args = [MAIN, 'completion', shell];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toMatch(line);
    expect(stdout).toMatch(/egvkit complete '?--/);
    expect(status).toBe(0);
  });

  it.each<readonly [words: readonly string[], values: readonly string[]]>([
    [['sh'], ['share']],
    [
      ['share', 'followers', 're'],
      ['remove', 'rename', 'resume'],
    ],
    [['upload', '--re'], ['--region']],
    [
      ['share', 'readings', '--region', ''],
      ['us', 'ous', 'jp'],
    ],
    [
      ['read', 'e'],
      ['egv', 'event', 'error'],
    ],
    [
      ['read', 'egv', '--units', ''],
      ['mg/dL', 'mmol/L'],
    ],
    [
      ['share', 'followers', 'permissions', 'Bob', ''],
      ['graph', 'alertsOnly'],
    ],
    [['comp'], ['completion']],
    [['settings', 'set', 'sh'], ['shareUrl']],
    [['info', '--se'], ['--serial']],
    [
      ['service', ''],
      ['install', 'uninstall', 'status'],
    ],
    [['service', 'install', '--s'], ['--system']],
  ])('offers after %j, from the tables of the commands, %j', (words, values) => {
    expect(offered(...words)).toEqual(values);
  });

  it.skipIf(spawnSync('bash', ['--version']).error !== undefined)('works in bash', () => {
    const script = `
      egvkit() { '${process.execPath}' '${MAIN}' "$@"; }
      # Of bash-completion, which the script needs.
      _get_comp_words_by_ref() { words=(egvkit share fol) cur=fol prev=share cword=2; }
      source <(egvkit completion bash)
      __egvkit_complete 2>/dev/null
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(stdout).toMatch(/^followers/);
  });
});
