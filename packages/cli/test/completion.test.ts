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

  it('offers commands, options and values from the tables of the commands', () => {
    expect(offered('sh')).toEqual(['share']);
    expect(offered('share', 'followers', 're')).toEqual(['remove', 'rename', 'resume']);
    expect(offered('upload', '--re')).toEqual(['--region']);
    expect(offered('share', 'readings', '--region', '')).toEqual(['us', 'ous', 'jp']);
    expect(offered('read', 'e')).toEqual(['egv', 'event', 'error']);
    expect(offered('read', 'egv', '--units', '')).toEqual(['mg/dL', 'mmol/L']);
    expect(offered('share', 'followers', 'permissions', 'Bob', '')).toEqual([
      'graph',
      'alertsOnly',
    ]);
    expect(offered('comp')).toEqual(['completion']);
    expect(offered('settings', 'set', 'sh')).toEqual(['shareUrl']);
    expect(offered('info', '--se')).toEqual(['--serial']);
    expect(offered('service', '')).toEqual(['install', 'uninstall', 'status']);
    expect(offered('service', 'install', '--s')).toEqual(['--system']);
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
