import { OTHER_READERS, type PageApi, type Runtime } from '@egvkit/receiver/browser';

/** WebUSB, and what is to be said of it on a system. */
export function webUsb(runtime: Runtime): PageApi {
  return {
    api: 'WebUSB',
    device: 'USB device',
    feature: 'usb',
    offeredBy: 'Chrome or Edge',
    unlisted: runtime.platform === 'android' ? ' Use an OTG adapter.' : '',
    held: 'is held by another program or a driver',
    heldHelp: helpWithHolder(runtime),
  };
}

function helpWithHolder({ platform, inBrowser }: Runtime): string {
  // browser §27
  if (inBrowser === false) {
    return "The system's serial driver holds the receiver: connect by @egvkit/receiver-serial.";
  }
  if (platform === 'android' || platform === 'chromeos') {
    return `${OTHER_READERS} Then plug the receiver in again; chrome://device-log names the program that holds it.`;
  }
  const flag =
    platform === 'linux' ? ', or switch on chrome://flags/#automatic-usb-detach and try again' : '';
  return `The system's serial driver holds the receiver: connect by Web Serial${flag}.`;
}
