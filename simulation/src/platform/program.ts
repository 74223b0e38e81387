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

/** One program runs at a time: any other has ended. */
export async function lifeOf({ bootId, startTime }: Program): Promise<'alive' | 'dead'> {
  const { host } = machine();
  const isThis = bootId === host.bootId && startTime === String(host.process.number);
  return isThis ? 'alive' : 'dead';
}
