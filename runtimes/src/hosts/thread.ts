// A thread of Node.
import { parentPort, workerData } from 'node:worker_threads';
import { play } from '../play.ts';

parentPort?.postMessage(await play(workerData));
