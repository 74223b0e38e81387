/** Stands in for `program.ts` of node-files, which asks the kernel for what it says of programs. */
import { machine } from './machine.ts';

interface Program {
  readonly host: string;
  readonly bootId: string;
  readonly pidNamespace: string;
  readonly processId: number;
  readonly startTime: string;
}

export async function thisProgram(): Promise<Program> {
  const { bootId, process } = machine().host;
  const { processId, number } = process;
  return { host: 'home', bootId, pidNamespace: 'one', processId, startTime: String(number) };
}

export async function lifeOf({ bootId, startTime }: Program): Promise<'alive' | 'dead'> {
  const { host } = machine();
  return bootId === host.bootId && host.runs(Number(startTime)) ? 'alive' : 'dead';
}
