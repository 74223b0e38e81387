import { NOTHING_READ } from '../readings/read.ts';
import { forgetStored } from './memory.ts';
import { forgetReceiver, isEmulated, lastDevice, readSoFar } from './receiver-session.ts';
import { isRemembering } from './settings.ts';
import { logOut } from './share-session.ts';

/** Forgets readings, account, settings, and the notes of what was uploaded, here and now. */
export async function forgetEverything(): Promise<void> {
  logOut();
  await forgetReceiver();
  isRemembering.value = false;
  readSoFar.value = NOTHING_READ;
  lastDevice.value = undefined;
  isEmulated.value = false;
  await forgetStored();
}
