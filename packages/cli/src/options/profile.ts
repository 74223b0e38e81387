import type { ReceiverProfile } from '@egvkit/receiver-emulator';
import { type Choices, choiceOption } from './choice.ts';

export type ProfileName = ReceiverProfile['name'];

/** Receivers that can be emulated. */
const PROFILES: Choices<ProfileName> = {
  g4: 'G4 receiver',
  'g4-share': 'G4 receiver with Share',
  g5: 'G5 receiver',
  'g5-touch': 'G5 touchscreen receiver',
  g6: 'G6 touchscreen receiver',
};

export const PROFILE_OPTION = choiceOption(
  '--profile <name>',
  'receiver to emulate: g4 (default), g4-share, g5, g5-touch or g6',
  PROFILES,
);
