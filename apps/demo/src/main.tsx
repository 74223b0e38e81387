import './styles/page.css';
import { render } from 'preact';
import { startClock } from './app/clock.ts';
import { lastRemembered } from './app/memory.ts';
import { lastDevice, readSoFar } from './app/receiver-session.ts';
import { startRoutes } from './app/route.ts';
import { startSettings } from './app/settings.ts';
import { startServices } from './app/share-session.ts';
import { keepForOffline } from './browser/offline.ts';
import { Frame } from './views/frame.tsx';
import { prepareFormats } from './words/format.ts';

startSettings();
startRoutes();
startClock();
render(<Frame />, document.body);
startServices();
keepForOffline();
prepareFormats();
const kept = await lastRemembered();
if (kept !== undefined && lastDevice.value === undefined) {
  lastDevice.value = kept.device;
  readSoFar.value = kept.read;
}
