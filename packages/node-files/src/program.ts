import { readFile, readlink, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { codeOf } from './file-error.ts';

/** A running program, so that it is known again and never taken for another. */
export interface Program {
  readonly host: string;
  /** Of this start of the kernel; empty where the system does not tell, as on macOS. */
  readonly bootId: string;
  /** In which process ids mean something: containers have one each. Empty where there are none. */
  readonly pidNamespace: string;
  readonly processId: number;
  /** In ticks since the kernel started, so no clock that is set plays a part; empty if unknown. */
  readonly startTime: string;
}

/** `unknown`: on another machine or in another container, where it cannot be seen from here. */
export type Life = 'alive' | 'dead' | 'unknown';

let own: Promise<Program> | undefined;

/** This program. */
export function thisProgram(): Promise<Program> {
  own ??= describeThis();
  return own;
}

async function describeThis(): Promise<Program> {
  const [bootId, pidNamespace, startTime] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
    startTimeOf(process.pid),
  ]);
  const processId = process.pid;
  return { host: hostname(), bootId: bootId.trim(), pidNamespace, processId, startTime };
}

/** Field 22 of the process's `stat`: the second field is a name and may hold anything. */
async function startTimeOf(processId: number): Promise<string> {
  const line = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Says whether a program that was at work in a folder still runs, as far as it can be known. */
export async function lifeOf(other: Program, path: string): Promise<Life> {
  const us = await thisProgram();
  if (other.bootId !== us.bootId) {
    // The machine has been started anew, unless it is another one that shares this folder.
    return other.host === us.host && (await isLocal(path)) ? 'dead' : 'unknown';
  }
  // Without boot ids only the name tells one machine from another.
  if (us.bootId === '' && other.host !== us.host) return 'unknown';
  if (other.pidNamespace !== us.pidNamespace) return 'unknown';
  if (!exists(other.processId)) return 'dead';
  // Another program of the same id started at another time.
  return (await startTimeOf(other.processId)) === other.startTime ? 'alive' : 'dead';
}

function exists(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** File systems that other machines may share: NFS, SMB, CIFS, FUSE (also virtiofs), 9p, … */
const SHARED: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400,
  0x786f4256, 0x73757245, 0x0bd00bd0, 0x01161970, 0x7461636f, 0xbacbacbc,
]);

/** Tells folders that no other machine can see. Known of Linux only. */
async function isLocal(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return !SHARED.has((await statfs(dirname(path))).type);
}
