// A worker as Cloudflare runs them: the scene comes as a request, the endings are the answer.
import { play } from '../play.ts';

// Cloudflare refuses what the workerd that anyone can have does not (cloudflare/workerd#1346).
const MOST_ITERATIONS = 100_000;
const deriveBits = crypto.subtle.deriveBits.bind(crypto.subtle);
crypto.subtle.deriveBits = async (algorithm, ...rest) => {
  if (typeof algorithm === 'object' && 'iterations' in algorithm) {
    const { iterations } = algorithm as Pbkdf2Params;
    if (iterations > MOST_ITERATIONS) {
      throw new DOMException(`${iterations} iterations are not supported`, 'NotSupportedError');
    }
  }
  return deriveBits(algorithm, ...rest);
};

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await play(await request.json()));
  },
};
