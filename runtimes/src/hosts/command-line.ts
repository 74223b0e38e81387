// Node, Deno and Bun: the scene is the argument, the endings are printed.
import { play } from '../play.ts';

console.log(JSON.stringify(await play(JSON.parse(process.argv[2] ?? ''))));
