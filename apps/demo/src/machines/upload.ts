import type { Plan, UploadResult, Verification } from '@egvkit/uploader';
import type { Problem } from './problem.ts';

/** Of what an upload would do, what people want to know. */
export interface PlanSummary {
  /** Readings that go out, or went out. */
  readonly toSend: number;
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
  /** Uploaded before, or on the service already. */
  readonly thereBefore: number;
  /** Number of readings that are held back, by reason. */
  readonly heldBack: Readonly<Partial<Record<HeldBackReason, number>>>;
}

export type HeldBackReason =
  | 'specialCode'
  | 'displayOnly'
  | 'outOfRange'
  | 'timeLost'
  | 'clockNeverSet'
  | 'future'
  | 'unverifiable'
  | 'repeated';

/** Result of an upload and of the check after it, in numbers of readings. */
export interface UploadOutcome {
  readonly posted: number;
  readonly plan: PlanSummary;
  /** Came back from the service with the same value, time and trend. */
  readonly same: number;
  readonly byOthers: number;
  readonly missing: number;
  readonly different: number;
  /** Number that has become older than what the service shows, and was not looked for. */
  readonly notShown: number;
  /** It is unknown if these are there; the next upload asks. */
  readonly open: number;
}

export type UploadState =
  | { readonly at: 'idle' }
  /** With the plan of the look before, if there was one. */
  | { readonly at: 'previewing'; readonly plan: PlanSummary | undefined }
  | { readonly at: 'ready'; readonly plan: PlanSummary }
  | {
      readonly at: 'uploading';
      readonly step: 'logIn' | 'clock' | 'reading' | 'posting' | 'checking';
      readonly plan: PlanSummary | undefined;
      readonly done: number;
      readonly total: number;
    }
  | { readonly at: 'done'; readonly outcome: UploadOutcome }
  | { readonly at: 'failed'; readonly problem: Problem; readonly plan: PlanSummary | undefined }
  /** Given up by its user; what was posted by then is noted. */
  | { readonly at: 'cancelled'; readonly done: number; readonly plan: PlanSummary | undefined };

export type UploadStateEvent =
  | { readonly kind: 'preview' }
  | { readonly kind: 'previewed'; readonly plan: PlanSummary }
  | { readonly kind: 'begin' }
  | { readonly kind: 'loggedIn' }
  | { readonly kind: 'sourceRead' }
  | { readonly kind: 'planned'; readonly plan: PlanSummary }
  | { readonly kind: 'progressed'; readonly done: number; readonly total: number }
  | { readonly kind: 'posted' }
  | { readonly kind: 'checked'; readonly outcome: UploadOutcome }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'reset' };

export const NO_UPLOAD: UploadState = { at: 'idle' };

/** The plan a state knows of. */
export function planOf(state: UploadState): PlanSummary | undefined {
  if (state.at === 'done') return state.outcome.plan;
  return 'plan' in state ? state.plan : undefined;
}

/** The next state. An event that a state does not expect changes nothing. */
export function nextUpload(state: UploadState, event: UploadStateEvent): UploadState {
  if (event.kind === 'reset') return state.at === 'uploading' ? state : NO_UPLOAD;
  if (state.at === 'uploading') return nextUploading(state, event);
  switch (event.kind) {
    case 'preview':
      return { at: 'previewing', plan: planOf(state) };
    case 'previewed':
      return state.at === 'previewing' ? { at: 'ready', plan: event.plan } : state;
    case 'begin':
      if (state.at === 'previewing') return state;
      return { at: 'uploading', step: 'logIn', plan: planOf(state), done: 0, total: 0 };
    case 'failed':
      if (state.at !== 'previewing') return state;
      return { at: 'failed', problem: event.problem, plan: undefined };
    case 'cancelled':
      return state.at === 'previewing' ? NO_UPLOAD : state;
    default:
      return state;
  }
}

function nextUploading(
  state: Extract<UploadState, { at: 'uploading' }>,
  event: UploadStateEvent,
): UploadState {
  const { plan } = state;
  switch (event.kind) {
    case 'loggedIn':
      return state.step === 'logIn' ? { ...state, step: 'clock' } : state;
    case 'sourceRead':
      return state.step === 'clock' ? { ...state, step: 'reading' } : state;
    case 'planned':
      return { ...state, plan: event.plan };
    case 'progressed':
      return { ...state, step: 'posting', done: event.done, total: event.total };
    case 'posted':
      return { ...state, step: 'checking' };
    case 'checked':
      return { at: 'done', outcome: event.outcome };
    case 'failed':
      return { at: 'failed', problem: event.problem, plan };
    case 'cancelled':
      return { at: 'cancelled', done: state.done, plan };
    default:
      return state;
  }
}

/** A plan in numbers. */
export function summaryOf(plan: Plan): PlanSummary {
  const heldBack: Partial<Record<HeldBackReason, number>> = {};
  const hold = (reason: HeldBackReason, n = 1): void => {
    if (n > 0) heldBack[reason] = (heldBack[reason] ?? 0) + n;
  };
  for (const { reason, timeProblem } of plan.refused) {
    if (reason !== 'implausibleTime') hold(reason);
    // What is older than the window is not held back: nobody asked for it.
    else if (timeProblem !== undefined && timeProblem !== 'tooOld') hold(timeProblem);
  }
  hold('unverifiable', plan.unverifiable.length);
  hold('repeated', plan.repeated.length);
  return {
    toSend: plan.post.length,
    oldestMs: plan.post[0]?.utcMs,
    newestMs: plan.post.at(-1)?.utcMs,
    thereBefore: plan.known.length + plan.found.length,
    heldBack,
  };
}

/** Counts the results of an upload and of the check after it. */
export function outcomeOf(result: UploadResult, verification: Verification): UploadOutcome {
  return {
    posted: result.posted.length,
    plan: summaryOf(result.plan),
    same: verification.same,
    byOthers: verification.byOthers,
    missing: verification.missing.length,
    different: verification.different.length,
    notShown: verification.notShown,
    open: result.open.length,
  };
}
