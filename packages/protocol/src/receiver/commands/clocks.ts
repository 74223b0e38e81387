import { empty, i32, layout, u32 } from '../../layout.ts';
import { type AboutCommand, command, question, SHORT_MS } from '../command.ts';

/** Commands about a receiver's other clocks. */

export const readDisplayTimeOffset = question({
  name: 'readDisplayTimeOffset',
  code: 29,
  reply: layout({
    /** Display time minus system time, seconds. */
    displayOffsetSeconds: i32,
  }),
});

export const writeDisplayTimeOffset = command({
  name: 'writeDisplayTimeOffset',
  code: 30,
  effect: 'write',
  request: layout({
    /** Display time minus system time, seconds. */
    displayOffsetSeconds: i32,
  }),
  reply: empty,
  timeoutMs: SHORT_MS,
});

export const readRtc = question({
  name: 'readRtc',
  code: 31,
  reply: layout({
    /** Seconds since the counter was started. */
    rtcSeconds: u32,
  }),
});

export const readSystemTimeOffset = question({
  name: 'readSystemTimeOffset',
  code: 35,
  reply: layout({
    /** System time minus RTC, seconds. */
    systemOffsetSeconds: i32,
  }),
});

/** Facts about these commands. */
export const about = {
  readDisplayTimeOffset: {
    doc: 'How far the clock on the screen is ahead of the internal clock.',
    evidence: 'captured',
    source: '§7.1',
  },
  writeDisplayTimeOffset: {
    doc: 'Sets the clock on the screen; the internal clock stays. Confirm by reading it.',
    evidence: 'several sources',
    source: '§3.6',
  },
  readRtc: {
    doc: 'A counter that was started when the unit was built; not seconds since 2009.',
    evidence: 'captured',
    source: '§7.1',
  },
  readSystemTimeOffset: {
    doc: 'When the RTC was started: system time is RTC plus this.',
    evidence: 'captured',
    source: '§7.1',
  },
} as const satisfies Record<string, AboutCommand>;
