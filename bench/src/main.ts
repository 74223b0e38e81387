import { benchCrc } from './crc.ts';
import { benchMemory } from './memory.ts';
import { benchPackets } from './packets.ts';
import { benchPages } from './pages.ts';
import { Report } from './report.ts';
import { benchSize } from './size.ts';

const report = new Report();
console.log(`Node ${process.version}; medians of rounds that take turns; 1 MB = 10^6 bytes.`);
benchCrc(report);
benchPages(report);
benchPackets(report);
await benchMemory(report);
await benchSize(report);
console.log(report.missed === 0 ? '\nAll claims reached.' : `\n${report.missed} claims missed.`);
process.exitCode = report.missed === 0 ? 0 : 1;
