import { memorySessionStore } from '@egvkit/share-http';
import { CASES, type CaseName } from './cases.ts';
import { describeFailure, type Ending, type Scene } from './scene.ts';

/** Outcome of every case. */
export type Endings = Record<CaseName, Ending>;

/** Plays all cases one after another, and announces each to the controller before it begins. */
export async function play(scene: Scene): Promise<Endings> {
  const store = memorySessionStore();
  const endings: Partial<Endings> = {};
  for (const [name, act] of Object.entries(CASES) as [CaseName, (typeof CASES)[CaseName]][]) {
    await (await fetch(`${scene.controller}/begin/${name}`)).text();
    try {
      endings[name] = { value: await act(scene, store) };
    } catch (error) {
      endings[name] = { failure: describeFailure(error) };
    }
  }
  return endings as Endings;
}
