/** For docs/reference, which has the errors of each way to a receiver. */
export { webUsb } from '../src/access.ts';
