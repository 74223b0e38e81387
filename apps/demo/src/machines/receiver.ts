import type { Device } from '../readings/device.ts';
import type { ReadingProgress } from '../readings/read.ts';
import type { WayName } from '../receivers/ways.ts';
import type { Problem } from './problem.ts';

/** Work that an open receiver is doing for the page. */
export type Work =
  | { readonly at: 'idle' }
  | { readonly at: 'reading'; readonly progress: ReadingProgress | undefined }
  | { readonly at: 'stopping' }
  /** Its readings go to Share. */
  | { readonly at: 'uploading' };

/** An attempt to open a receiver that follows others, and why they failed. */
export interface Retry {
  /** Its number, counted from 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Code of the last failure. */
  readonly code: string;
}

/** The page and the receiver: chosen, opened, read, lost. */
export type ReceiverState =
  | { readonly at: 'none'; readonly problem?: Problem }
  | { readonly at: 'choosing'; readonly way: WayName }
  | { readonly at: 'opening'; readonly way: WayName; readonly retry: Retry | undefined }
  | {
      readonly at: 'open';
      readonly way: WayName;
      readonly device: Device | undefined;
      readonly work: Work;
      /** Reason why the last reading of the receiver ended early, if it did. */
      readonly problem?: Problem;
      /** The last reading was cancelled by its user. */
      readonly wasCancelled?: true;
    };

export type ReceiverEvent =
  | { readonly kind: 'choose'; readonly way: WayName }
  | { readonly kind: 'chosen' }
  | ({ readonly kind: 'retried' } & Retry)
  | { readonly kind: 'opened' }
  | { readonly kind: 'identified'; readonly device: Device }
  | { readonly kind: 'readingBegan' }
  | { readonly kind: 'readingProgressed'; readonly progress: ReadingProgress }
  | { readonly kind: 'readingEnded' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'uploadBegan' }
  | { readonly kind: 'uploadEnded' }
  /** Choosing, opening or reading has failed; the receiver is still there if `isOpen`. */
  | { readonly kind: 'failed'; readonly problem: Problem; readonly isOpen: boolean }
  | { readonly kind: 'closed' };

export const NO_RECEIVER: ReceiverState = { at: 'none' };

/** The next state. An event that a state does not expect changes nothing. */
export function nextReceiver(state: ReceiverState, event: ReceiverEvent): ReceiverState {
  switch (event.kind) {
    case 'choose':
      return state.at === 'none' ? { at: 'choosing', way: event.way } : state;
    case 'chosen':
      return state.at === 'choosing' ? { at: 'opening', way: state.way, retry: undefined } : state;
    case 'retried':
      return state.at === 'opening' ? { ...state, retry: retryOf(event) } : state;
    case 'opened':
      return state.at === 'opening'
        ? { at: 'open', way: state.way, device: undefined, work: { at: 'idle' } }
        : state;
    case 'failed':
      return failed(state, event);
    case 'closed':
      return state.at === 'none' ? state : NO_RECEIVER;
    default:
      return state.at === 'open' ? nextOpen(state, event) : state;
  }
}

const retryOf = ({ attempt, attempts, code }: Retry): Retry => ({ attempt, attempts, code });

type Open = Extract<ReceiverState, { at: 'open' }>;

function nextOpen(
  state: Open,
  event: Exclude<
    ReceiverEvent,
    { kind: 'choose' | 'chosen' | 'retried' | 'opened' | 'failed' | 'closed' }
  >,
): ReceiverState {
  const { at, way, device, work } = state;
  switch (event.kind) {
    case 'identified':
      return { ...state, device: event.device };
    case 'readingBegan':
      if (work.at !== 'idle') return state;
      return { at, way, device, work: { at: 'reading', progress: undefined } };
    case 'readingProgressed':
      if (work.at !== 'reading') return state;
      return { ...state, work: { at: 'reading', progress: event.progress } };
    case 'cancel':
      return work.at === 'reading' ? { ...state, work: { at: 'stopping' } } : state;
    case 'readingEnded':
      if (work.at === 'stopping')
        return { at, way, device, work: { at: 'idle' }, wasCancelled: true };
      return work.at === 'reading' ? { at, way, device, work: { at: 'idle' } } : state;
    case 'uploadBegan':
      return work.at === 'idle' ? { at, way, device, work: { at: 'uploading' } } : state;
    case 'uploadEnded':
      return work.at === 'uploading' ? { at, way, device, work: { at: 'idle' } } : state;
  }
}

function failed(
  state: ReceiverState,
  { problem, isOpen }: Extract<ReceiverEvent, { kind: 'failed' }>,
): ReceiverState {
  if (state.at === 'none') return state;
  if (state.at !== 'open' || !isOpen) return { at: 'none', problem };
  const { at, way, device } = state;
  return { at, way, device, work: { at: 'idle' }, problem };
}
