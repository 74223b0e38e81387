import { bounded, layout, text, u8, u32 } from '../../layout.ts';
import {
  type AboutCommand,
  arePages,
  command,
  isHeader,
  isXml,
  LONGEST_PAYLOAD,
  MAX_PAGES_PER_REQUEST,
  PAGES_MS,
  pages,
  question,
  SHORT_MS,
  TEXT_MS,
} from '../command.ts';
import { PAGE_HEADER, PAGE_SIZE } from '../page-header.ts';

/** Commands that read a receiver's database. */

/** The page numbers of an empty partition. */
export const NO_PAGE = 0xffff_ffff; // receiver §3.2

export const readDatabasePartitionInfo = question({
  name: 'readDatabasePartitionInfo',
  code: 15,
  reply: text('partition list, XML', 1, LONGEST_PAYLOAD),
  timeoutMs: TEXT_MS,
  answers: isXml,
});

export const readDatabasePageRange = command({
  name: 'readDatabasePageRange',
  code: 16,
  effect: 'read',
  request: layout({
    /** Record type. */
    recordType: u8,
  }),
  reply: layout({
    /** Oldest page; 0xFFFFFFFF if there is none. */
    first: u32,
    /** Newest page, inclusive; 0xFFFFFFFF if there is none. */
    last: u32,
  }),
  timeoutMs: SHORT_MS,
});

export const readDatabasePages = command({
  name: 'readDatabasePages',
  code: 17,
  effect: 'read',
  request: layout({
    /** Record type. */
    recordType: u8,
    /** First page. */
    firstPage: u32,
    /** Number of pages. */
    pageCount: bounded(u8, 1, MAX_PAGES_PER_REQUEST),
  }),
  reply: pages,
  timeoutMs: PAGES_MS,
  longestReply: (request) => request.pageCount * PAGE_SIZE,
  answers: (request, payload) =>
    payload.length === request.pageCount * PAGE_SIZE &&
    arePages(payload, request.recordType, request.firstPage),
});

export const readDatabasePageHeader = command({
  name: 'readDatabasePageHeader',
  code: 18,
  effect: 'read',
  request: layout({
    /** Record type. */
    recordType: u8,
    /** Page. */
    page: u32,
  }),
  reply: PAGE_HEADER,
  timeoutMs: SHORT_MS,
  answers: (request, payload) => isHeader(payload, request.recordType, request.page),
});

/** Facts about these commands. */
export const about = {
  readDatabasePartitionInfo: {
    doc: 'The record types, their revisions and sizes, as XML.',
    evidence: 'captured',
    source: '§3.5',
  },
  readDatabasePageRange: {
    doc: 'The pages that hold one record type.',
    evidence: 'captured',
    source: '§3.2',
  },
  readDatabasePages: {
    doc: 'Pages of one record type, whole and ascending. Up to four are proven on a G4.',
    evidence: 'captured',
    source: '§3.3',
  },
  readDatabasePageHeader: {
    doc: 'The header of one page: tells cheaply whether the page has grown.',
    evidence: 'captured',
    source: '§3.1, §4.1',
  },
} as const satisfies Record<string, AboutCommand>;
