// A web page: what it offers to the test plays in the page itself, or in a worker of its own.
import { type Endings, play } from '../play.ts';
import type { Scene } from '../scene.ts';

const playInWorker = (scene: Scene): Promise<Endings> =>
  new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(scene);
  });

Object.assign(globalThis, { play, playInWorker });
