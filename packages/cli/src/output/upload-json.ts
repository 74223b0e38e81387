import { describePageProblem } from '@egvkit/protocol/receiver';
import { expectedReadings } from '@egvkit/uploader';
import type { PreviewReport, ReceiverInfo, UploadReport } from '../commands/upload/session.ts';
import type { DestinationName } from '../options/destination.ts';
import { readingJson } from './reading-json.ts';
import { leftOut } from './words.ts';

/** JSON of a receiver: port, identity, clock and battery. */
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

/** True if every reading that should be on the service was read back unchanged. */
export function checkHeld({ verification }: UploadReport): boolean {
  return verification.missing.length + verification.different.length === 0;
}

/** The summary of an upload as one value. */
export function uploadJson(
  report: UploadReport,
  { name, service }: { readonly name: DestinationName; readonly service: string },
): object {
  const { result, verification } = report;
  return {
    ok: checkHeld(report),
    receiver: receiverJson(report.receiver),
    destination: name,
    service,
    uploaded: result.posted.length,
    thereBefore: result.plan.known.length + result.plan.found.length + result.foundMeanwhile.length,
    arrivedBefore: result.arrivedBefore.length,
    abandoned: result.abandoned.length,
    open: result.open.length,
    others: {
      copies: result.others.copies.length,
      fresh: result.others.fresh.map(({ utcMs, value }) => ({
        time: new Date(utcMs).toISOString(),
        mgDl: value,
      })),
    },
    leftOut: leftOut(result.plan),
    damage: damageJson(result.damage),
    checked: {
      same: verification.same,
      byOthers: verification.byOthers,
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
    wouldUpload: result.plan.post.map(readingJson),
  };
}

function damageJson(damage: UploadReport['result']['damage']): object[] {
  return damage.map(({ recordType, page, problem }) => ({
    recordType,
    page,
    problem: describePageProblem(problem),
  }));
}

function newestJson(plan: UploadReport['result']['plan']): object | null {
  const newest = expectedReadings(plan).at(-1);
  if (newest === undefined) return null;
  return readingJson(newest);
}
