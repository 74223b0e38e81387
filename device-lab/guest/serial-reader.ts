// A program of the ordinary user that reads by node serialport: `serial-reader.ts TASK TYPES`.
import { openSerial } from '@egvkit/receiver-serial';
import { failureOf, TASKS, type TaskName } from './reading.ts';

const [task = 'records', types = ''] = process.argv.slice(2);
const result = await TASKS[task as TaskName](
  () => openSerial(),
  types.split(',').map(Number),
).catch(failureOf);
process.stdout.write(JSON.stringify(result));
