import { empty, i32, layout, u32 } from '../../layout.ts';
import { type AboutCommand, command, question, SHORT_MS } from '../command.ts';

/** Commands about a receiver's clocks. */

export const readDisplayTimeOffset = /* @__PURE__ */ question({
  name: 'readDisplayTimeOffset',
  code: 29,
  reply: layout({ displayOffsetSeconds: i32('display time minus system time, seconds') }),
});

export const writeDisplayTimeOffset = /* @__PURE__ */ command({
  name: 'writeDisplayTimeOffset',
  code: 30,
  effect: 'write',
  request: layout({ displayOffsetSeconds: i32('display time minus system time, seconds') }),
  reply: empty,
  timeoutMs: SHORT_MS,
});

export const readRtc = /* @__PURE__ */ question({
  name: 'readRtc',
  code: 31,
  reply: layout({ rtcSeconds: u32('seconds since the counter was started') }),
});

export const readSystemTime = /* @__PURE__ */ question({
  name: 'readSystemTime',
  code: 34,
  reply: layout({ systemSeconds: u32('system time, seconds since 2009') }),
});

export const readSystemTimeOffset = /* @__PURE__ */ question({
  name: 'readSystemTimeOffset',
  code: 35,
  reply: layout({ systemOffsetSeconds: i32('system time minus RTC, seconds') }),
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
  readSystemTime: {
    doc: 'The internal clock, which the user cannot change.',
    evidence: 'captured',
    source: '§7.1',
  },
  readSystemTimeOffset: {
    doc: 'When the RTC was started: system time is RTC plus this.',
    evidence: 'captured',
    source: '§7.1',
  },
} as const satisfies Record<string, AboutCommand>;
