// Uploads the last 24 hours of a receiver to Dexcom Share, and shows the last hour as followers
// see it. Run it as often as you like: nothing is uploaded twice.
import { Receiver } from '@egvkit/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { ShareClient } from '@egvkit/share-http';
import { fileSessionStore } from '@egvkit/share-http/node';
import { receiverSource, runUpload, shareDestination } from '@egvkit/uploader';
import { fileJournal } from '@egvkit/uploader/node';

const { RECEIVER_PORT, SHARE_URL, DEXCOM_USERNAME = '', DEXCOM_PASSWORD = '' } = process.env;

const share = new ShareClient({
  ...(SHARE_URL ? { origin: SHARE_URL } : { region: 'us' }),
  accountName: DEXCOM_USERNAME,
  password: DEXCOM_PASSWORD,
  store: fileSessionStore('sessions'), // one login a day; a refused login is not sent again
});

// The one receiver that is plugged in, unless a port is named.
const receiver = await Receiver.open(await openSerial(RECEIVER_PORT || undefined));
try {
  const { posted, plan } = await runUpload({
    source: receiverSource(receiver),
    destination: shareDestination(share),
    journal: fileJournal('uploads.ndjson'),
  });
  console.log(`${posted.length} readings uploaded, ${plan.refused.length} records left out`);
} finally {
  await receiver.close();
}

for (const { utcMs, mgDl, trend } of await share.readings({ minutes: 60 })) {
  console.log(new Date(utcMs).toISOString(), mgDl, trend.name);
}
