// Everything that talks to Share, in one piece that is loaded when it is needed.
export { clientFor } from '../share/client.ts';
export { followersOf } from '../share/followers.ts';
export { preview, upload } from '../share/upload.ts';
