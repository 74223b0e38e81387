/** For docs/reference, which has the errors of each way to a receiver. */
export { webSerial } from '../src/access.ts';
