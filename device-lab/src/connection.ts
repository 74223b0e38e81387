// One connection of a guest: QEMU starts `connection.ts PORT` for each, and speaks to it by standard
// input and output. Nothing else of the host can be reached from there.
import { connect } from 'node:net';

const socket = connect(Number(process.argv[2]), '127.0.0.1');
const end = (): void => process.exit();
socket.on('error', end).on('close', end);
process.stdin.on('error', end).pipe(socket);
socket.pipe(process.stdout).on('error', end);
