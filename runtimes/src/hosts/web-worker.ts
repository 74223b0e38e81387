// A dedicated worker of a web page.
import { play } from '../play.ts';

addEventListener('message', async ({ data }) => postMessage(await play(data)));
