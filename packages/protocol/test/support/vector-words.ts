import type { CalibrationRecord } from '../../src/receiver/records/calibration.ts';
import type { EgvRecord } from '../../src/receiver/records/egv.ts';
import type { ReceiverRecord } from '../../src/receiver/records/index.ts';
import type { InsertionRecord } from '../../src/receiver/records/insertion.ts';
import type { LogRecord } from '../../src/receiver/records/log.ts';
import type { SettingsRecord } from '../../src/receiver/records/settings.ts';
import { hex } from './bytes.ts';

type Words = Record<string, unknown>;

/**
 * A record in the words of the vectors. `decoded` is looked at only for which of the words that
 * not every vector has are wanted.
 */
export function inVectorWords(record: ReceiverRecord, decoded: Readonly<Words>): Words {
  const { systemSeconds, displaySeconds } = record;
  const words: Words = { systemSeconds, displaySeconds, ...ownWords(record, decoded) };
  for (const word of ['calibrationPending', 'reserved', 'transmitterIdInt']) {
    if (!(word in decoded)) delete words[word];
  }
  return words;
}

function ownWords(record: ReceiverRecord, decoded: Readonly<Words>): Words {
  switch (record.kind) {
    case 'xml':
      return { xml: record.text };
    case 'sensor': {
      const { unfiltered, filtered, rssi, unknown17 } = record;
      return { unfiltered, filtered, rssi, unknown17 };
    }
    case 'egv':
      return egvWords(record);
    case 'calibration':
      return calibrationWords(record, JSON.stringify(decoded).includes('rawKind'));
    case 'aberration':
      return { opaque: hex(record.unknown) };
    case 'insertion':
      return {
        insertionSystemSeconds: record.insertionSystemSeconds,
        state: record.state.raw,
        stateName: record.state.name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
        ...(record.transmitter && { unknownTail: hex(tailOf(record)) }),
      };
    case 'log':
      return logWords(record);
    case 'receiverError':
      return { opaqueLength: record.unknown.length };
    case 'meter':
      return {
        meterMgdl: record.meterMgDl,
        meterSystemSeconds: record.meterSystemSeconds,
        ...(record.entryType !== undefined && { entryType: record.entryType }),
        ...(record.meterTransmitterSeconds !== undefined && {
          meterTransmitterSeconds: record.meterTransmitterSeconds,
        }),
      };
    case 'event':
      return {
        eventType: record.type.raw,
        eventSubType: record.subType.raw,
        eventDisplaySeconds: record.eventDisplaySeconds,
        rawValue: record.amount.raw,
        value: record.amount.value,
        unit: record.amount.unit,
      };
    case 'settings':
      return settingsWords(record);
  }
}

function egvWords({ glucose, trend, transmitter, prediction }: EgvRecord): Words {
  const special = glucose.status === 'special';
  return {
    glucoseWord: glucose.raw,
    glucoseRaw: glucose.value,
    displayOnly: glucose.displayOnly,
    trend: trend.arrow.raw,
    trendName: trend.arrow.name,
    noise: trend.noise.raw,
    special,
    skip: special || glucose.displayOnly,
    glucoseMgdl: special ? null : glucose.value,
    calibrationPending: trend.calibrationPending,
    ...(transmitter && {
      measurementSystemSeconds: transmitter.measuredSystemSeconds,
      transmitterSeconds: transmitter.transmitterSeconds,
      filteredRate: transmitter.filteredRate,
      algorithmState: transmitter.algorithmState,
    }),
    ...(prediction && {
      backfilled: glucose.backfilled,
      computedOnTransmitter: glucose.computedOnTransmitter,
      predictedWord: prediction.raw,
      predictedGlucose: prediction.raw & 0x3ff,
      urgentLowSoon: prediction.urgentLowSoon,
      predictedBackfilled: prediction.backfilled,
      predictionUnavailable: prediction.mgDl === null,
    }),
  };
}

function calibrationWords(record: CalibrationRecord, withRawKind: boolean): Words {
  const { count, points } = record.subrecords;
  return {
    slope: record.slope.value,
    intercept: record.intercept.value,
    scale: record.scale.value,
    unknown32: [...record.state, record.finality.raw],
    calibrationPending: record.finality.provisional,
    decay: record.decay.value,
    subCount: count,
    sub: points.map((point) => ({
      enteredSystemSeconds: point.enteredSystemSeconds,
      meterMgdl: point.meterMgDl,
      sensorRaw: point.sensorRaw,
      appliedSystemSeconds: point.appliedSystemSeconds,
      unknown16: point.rawKind.raw,
      ...(withRawKind && { rawKind: point.rawKind.name }),
    })),
  };
}

function logWords({ category, code, data, meaning }: LogRecord): Words {
  return {
    category: category.raw,
    code,
    data: hex(data),
    ...(meaning.what === 'trendScreenShown' && {
      shownGlucose: meaning.shownGlucose,
      arrow: meaning.arrow.raw,
      icon: meaning.icon,
    }),
    ...(meaning.what === 'batterySample' && {
      i16: meaning.current,
      byte12: data[2],
      percent: meaning.percent,
    }),
  };
}

function settingsWords(record: SettingsRecord): Words {
  const { flags, transmitter } = record;
  return {
    systemOffset: record.systemOffsetSeconds,
    displayOffset: record.displayOffsetSeconds,
    transmitterIdInt: transmitter.raw,
    transmitterId: transmitter.id,
    reserved: record.unknownTail?.reduce((sum, byte) => sum + byte, 0),
    enableFlags: flags.raw,
    blinded: flags.blinded,
    twentyFourHourTime: flags.clock24Hour,
    manufacturingMode: flags.manufacturingMode,
    lowAlarmEnabled: flags.lowAlarm,
    highAlarmEnabled: flags.highAlarm,
    riseRateEnabled: flags.riseRateAlert,
    fallRateEnabled: flags.fallRateAlert,
    outOfRangeEnabled: flags.outOfRangeAlert,
    timeLossOccurred: flags.timeLossOccurred,
    highAlarmMgdl: record.highAlarmMgDl,
    highAlarmSnoozeMin: record.highAlarmSnoozeMinutes,
    lowAlarmMgdl: record.lowAlarmMgDl,
    lowAlarmSnoozeMin: record.lowAlarmSnoozeMinutes,
    riseRate: record.riseRate,
    fallRate: record.fallRate,
    outOfRangeSnoozeMin: record.outOfRangeSnoozeMinutes,
    language: record.language.raw,
    alarmProfile: record.alarmProfile.raw,
    alarmProfileName: record.alarmProfile.name.replace(/^./, (letter) => letter.toUpperCase()),
    setUpState: record.setUpState,
    ...(record.predictiveLowSnooze !== undefined && {
      predictiveLowSnooze: record.predictiveLowSnooze,
      brightnessLevel: record.brightnessLevel,
      sensorCode: record.sensorCode,
      currentGraphHeight: record.currentGraphHeight,
    }),
  };
}

/** The bytes behind the state of the longer form. */
function tailOf({ unknown13 = 0, transmitter }: InsertionRecord): Uint8Array {
  const tail = new Uint8Array(10);
  new DataView(tail.buffer).setUint32(0, unknown13, true);
  tail.set(
    [...String(transmitter?.raw)].map((one) => one.charCodeAt(0)),
    4,
  );
  return tail;
}
