import { TREND_NAMES } from '@egvkit/protocol';
import { describePageProblem } from '@egvkit/protocol/receiver';
import { expectedReadings } from '@egvkit/uploader';
import type { PreviewReport, ReceiverInfo, UploadReport } from './uploadSession.ts';
import { leftOut } from './words.ts';

/** What a program is told of a receiver. */
function receiverJson({ path, identity, clock, battery }: ReceiverInfo): object {
  return {
    port: path,
    product: identity.firmware?.productName,
    software: identity.firmware?.softwareNumber,
    serialNumber: identity.serialNumber,
    transmitterId: identity.transmitterId,
    batteryPercent: battery.percent,
    batteryState: battery.state?.name,
    clockErrorSeconds: clock.errorSeconds,
    displayOffsetSeconds: clock.displayOffsetSeconds,
  };
}

/** Whether all that should be on the service came back from it as it is. */
export function checkHeld({ verification }: UploadReport): boolean {
  return verification.missing.length + verification.different.length === 0;
}

/** The summary of an upload as one value. */
export function uploadJson(report: UploadReport, service: string): object {
  const { result, verification } = report;
  return {
    ok: checkHeld(report),
    receiver: receiverJson(report.receiver),
    service,
    uploaded: result.posted.length,
    thereBefore: result.plan.known.length + result.plan.found.length,
    arrivedBefore: result.arrivedBefore.length,
    abandoned: result.abandoned.length,
    leftOut: leftOut(result.plan),
    damage: damageJson(result.damage),
    checked: {
      same: verification.same,
      missing: verification.missing.length,
      different: verification.different.length,
      notShown: verification.notShown,
    },
    newest: newestJson(result.plan),
  };
}

/** The summary of a dry run, with the readings that would be posted. */
export function previewJson({ receiver, result }: PreviewReport): object {
  return {
    ok: true,
    dryRun: true,
    receiver: receiverJson(receiver),
    thereBefore: result.plan.known.length,
    leftOut: leftOut(result.plan),
    damage: damageJson(result.damage),
    wouldUpload: result.plan.post.map(({ utcMs, egv }) => ({
      time: new Date(utcMs).toISOString(),
      mgDl: egv.Value,
      trend: TREND_NAMES[egv.Trend],
    })),
  };
}

function damageJson(damage: UploadReport['result']['damage']): object[] {
  return damage.map(({ recordType, page, problem }) => ({
    recordType,
    page,
    problem: describePageProblem(problem),
  }));
}

function newestJson(plan: UploadReport['result']['plan']): object | undefined {
  const newest = expectedReadings(plan).at(-1);
  if (newest === undefined) return undefined;
  const { utcMs, value, trend } = newest;
  return { time: new Date(utcMs).toISOString(), mgDl: value, trend: TREND_NAMES[trend] };
}
