import { readFileSync } from 'node:fs';

/** Content of `receiver-vectors.json`: synthetic bytes that belong to the specification. */
export interface ReceiverVectors {
  readonly crc16: readonly {
    readonly ascii?: string;
    readonly hex?: string;
    readonly crc: number;
    readonly wireBytesLE: string;
  }[];
  readonly packets: readonly PacketVector[];
  readonly records: readonly RecordVector[];
  readonly pageHeaders: readonly { readonly hex: string; readonly decoded: PageHeaderVector }[];
  readonly pages: readonly PageVector[];
  readonly time: readonly { readonly seconds: number; readonly iso: string }[];
  readonly streams: readonly {
    readonly name: string;
    readonly chunks: readonly string[];
    readonly expectPackets: readonly string[];
    readonly expectCrcErrors?: number;
  }[];
  readonly transmitterIdBase32: readonly { readonly int: number; readonly id: string }[];
  readonly backfillTime: readonly {
    readonly base: { readonly measurementSystemSeconds: number; readonly displaySeconds: number };
    readonly backfilledMeasurementSystemSeconds: number;
    readonly expectedDisplaySeconds: number;
  }[];
  readonly incremental: readonly {
    readonly name: string;
    readonly first: number;
    readonly last: number;
    readonly knownPage: number | null;
    readonly knownCount: number | null;
    readonly headerCount: number | null;
    readonly expectHeaderRequest: number | null;
    readonly expectPageRequests: readonly (readonly number[])[];
  }[];
  readonly usb: {
    readonly deviceDescriptor: string;
    readonly configurationDescriptor: string;
    readonly decoded: { readonly idVendor: number; readonly idProduct: number };
  };
  readonly partitionsG4: {
    readonly rows: readonly {
      readonly id: number;
      readonly name: string;
      readonly revision: number;
      readonly recordLength: number;
      readonly recordsPerPage: number;
    }[];
  };
}

export interface PacketVector {
  readonly name: string;
  readonly direction: 'request' | 'response';
  readonly command: number;
  readonly payload: string;
  readonly packet: string;
  readonly length: number;
}

export interface RecordVector {
  readonly name: string;
  readonly recordType: number;
  readonly revision: number;
  readonly size: number;
  readonly hex: string;
  readonly decoded: Readonly<Record<string, unknown>>;
}

export interface PageHeaderVector {
  readonly firstRecordIndex: number;
  readonly recordCount: number;
  readonly recordType: number;
  readonly revision: number;
  readonly pageNumber: number;
  readonly reserved: readonly number[];
  readonly crcHex: string;
}

export interface PageVector {
  readonly name: string;
  readonly recordType: number;
  readonly revision: number;
  readonly pageNumber: number;
  readonly recordSize: number;
  readonly recordsPerPage: number;
  readonly recordCount: number;
  readonly padBytes: number;
  readonly hex: string;
}

export const VECTORS = JSON.parse(
  readFileSync(new URL('../vectors/receiver-vectors.json', import.meta.url), 'utf8'),
) as ReceiverVectors;

/** The packet of that name and direction. */
export function packetVector(name: string): PacketVector {
  const found = VECTORS.packets.filter((vector) => vector.name === name);
  if (found.length !== 1) throw new Error(`${found.length} packet vectors are called ${name}`);
  return found[0]!;
}
