import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALERT_SOUNDS,
  ALERTS,
  type AlertChoices,
  type AlertName,
  decodeAlertSettings,
  encodeAlertSettings,
  encodeRequest,
} from '../../src/share/index.ts';

// The recorded invitation.
const RECORDED = {
  HighAlert: {
    MinValue: 200,
    AlarmDelay: 'PT1H',
    AlertType: 1,
    IsEnabled: false,
    RealarmDelay: 'PT2H',
    Sound: 'High.wav',
    MaxValue: 401,
  },
  LowAlert: {
    MinValue: 39,
    AlarmDelay: 'PT30M',
    AlertType: 2,
    IsEnabled: false,
    RealarmDelay: 'PT2H',
    Sound: 'Low.wav',
    MaxValue: 70,
  },
  FixedLowAlert: {
    MinValue: 39,
    AlarmDelay: 'PT0M',
    AlertType: 3,
    IsEnabled: true,
    RealarmDelay: 'PT30M',
    Sound: 'UrgentLow.wav',
    MaxValue: 55,
  },
  NoDataAlert: {
    MinValue: 39,
    AlarmDelay: 'PT1H',
    AlertType: 4,
    IsEnabled: false,
    RealarmDelay: 'PT0M',
    Sound: 'NoData.wav',
    MaxValue: 401,
  },
};

describe('alert settings', () => {
  it('are those that were recorded unless something is chosen', () => {
    expect(encodeAlertSettings()).toEqual(RECORDED);
    expect(encodeAlertSettings({ high: {}, low: { enabled: undefined } })).toEqual(RECORDED);
  });

  it('make an invitation that can be sent', () => {
    const sessionId = 'e3e3e6a5-0000-4000-8000-00000000abcd';
    const body = { AlertSettings: encodeAlertSettings(), Permissions: 1, DisplayName: 'Ann' };
    const request = encodeRequest('CreateSubscriptionInvitation', {
      query: { sessionId, contactId: '123312-af1341123-coolid' },
      body,
    });
    expect(request.path).toMatch(/CreateSubscriptionInvitation\?sessionId=.*&contactId=123312-/);
    expect(JSON.parse(request.body ?? '')).toEqual({
      AlertSettings: RECORDED,
      Permissions: 1,
      DisplayName: 'Ann',
    });
  });

  it('put the threshold of a high alert into MinValue, of a low one into MaxValue', () => {
    const settings = encodeAlertSettings({
      high: { enabled: true, thresholdMgDl: 180, delayMinutes: 0, repeatMinutes: 30 },
      low: { thresholdMgDl: 80, sound: 'Siren1.caf' },
      urgentLow: { enabled: false, thresholdMgDl: 40, repeatMinutes: 0 },
    });
    expect(settings.HighAlert).toMatchObject({ MinValue: 180, MaxValue: 401, IsEnabled: true });
    expect(settings.HighAlert).toMatchObject({ AlarmDelay: 'PT0M', RealarmDelay: 'PT30M' });
    expect(settings.LowAlert).toMatchObject({ MinValue: 39, MaxValue: 80, Sound: 'Siren1.caf' });
    expect(settings.FixedLowAlert).toMatchObject({ MaxValue: 40, RealarmDelay: 'PT0M' });
  });

  it.each([
    { high: { thresholdMgDl: 119 } },
    { high: { thresholdMgDl: 401 } },
    { high: { thresholdMgDl: 180.5 } },
    { high: { delayMinutes: 361 } },
    { high: { delayMinutes: -1 } },
    { low: { thresholdMgDl: 59 } },
    { low: { thresholdMgDl: 101 } },
    { low: { delayMinutes: 121 } },
    { urgentLow: { thresholdMgDl: 39 } },
    { urgentLow: { thresholdMgDl: 56 } },
    { urgentLow: { delayMinutes: 1 } },
    { noData: { delayMinutes: 29 } },
    { noData: { thresholdMgDl: 100 } },
    { noData: { repeatMinutes: 29 } },
    { low: { repeatMinutes: 0.5 } },
    { low: { sound: 'Mine.wav' } },
  ])('out of the documented ranges are refused: %j', (choices) => {
    expect(() => encodeAlertSettings(choices as AlertChoices)).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'outOfRange' }),
    );
  });

  const minutes = ([least, most]: readonly [number, number]) =>
    fc.integer({ min: least, max: most });
  const choice = (name: AlertName) => {
    const { thresholdRange, delayRange } = ALERTS[name];
    return fc.record(
      {
        enabled: fc.boolean(),
        ...(thresholdRange && { thresholdMgDl: minutes(thresholdRange) }),
        delayMinutes: minutes(delayRange),
        repeatMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 30, max: 100_000 })),
        sound: fc.constantFrom(...ALERT_SOUNDS),
      },
      { requiredKeys: [] },
    );
  };

  it('in range are taken, and read back as they were chosen', () => {
    const names = ['high', 'low', 'urgentLow', 'noData'] as const;
    const choices = fc.record({
      high: choice('high'),
      low: choice('low'),
      urgentLow: choice('urgentLow'),
      noData: choice('noData'),
    });
    fc.assert(
      fc.property(choices, (chosen) => {
        const back = decodeAlertSettings(encodeAlertSettings(chosen));
        for (const name of names) {
          const { enabled, delayMinutes, repeatMinutes, sound } = {
            ...ALERTS[name],
            ...chosen[name],
          };
          expect(back[name]).toMatchObject({
            enabled,
            sound,
            delaySeconds: delayMinutes * 60,
            repeatSeconds: repeatMinutes * 60,
          });
        }
      }),
    );
  });

  it('are read back in whatever spelling, nothing lost', () => {
    const odd = { ...RECORDED.NoDataAlert, AlarmDelay: 'soon', RealarmDelay: 'PT0S', Extra: 1 };
    const { noData } = decodeAlertSettings({ ...RECORDED, NoDataAlert: odd });
    expect(noData).toMatchObject({ delaySeconds: undefined, repeatSeconds: 0, raw: { Extra: 1 } });
  });
});
