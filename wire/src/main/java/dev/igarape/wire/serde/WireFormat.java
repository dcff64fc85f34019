package dev.igarape.wire.serde;

/**
 * Confluent's wire format: one magic byte (0), the schema id as four bytes in network order, then the Avro datum in
 * binary encoding.
 */
public final class WireFormat {
    /** The length of the header. */
    public static final int HEADER_LENGTH = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {}

    /** Returns a new message: the header followed by the datum. */
    public static byte[] frame(int schemaId, byte[] avroBody) {
        byte[] message = new byte[HEADER_LENGTH + avroBody.length];
        message[0] = MAGIC;
        message[1] = (byte) (schemaId >>> 24);
        message[2] = (byte) (schemaId >>> 16);
        message[3] = (byte) (schemaId >>> 8);
        message[4] = (byte) schemaId;
        System.arraycopy(avroBody, 0, message, HEADER_LENGTH, avroBody.length);
        return message;
    }

    /**
     * Reads the header only: whether the datum is whole is for who knows the schema. Tombstones (null) are the
     * caller's.
     */
    public static WireMessage parse(byte[] message) {
        if (message.length < HEADER_LENGTH) {
            return new WireMessage.Poison(
                    "short_message",
                    "The message has " + message.length + " bytes; the header alone takes " + HEADER_LENGTH + ".");
        }
        if (message[0] != MAGIC) {
            return new WireMessage.Poison(
                    "bad_magic",
                    String.format(
                            "The message starts with byte 0x%02x; Confluent's wire format starts with 0x00.",
                            message[0]));
        }
        int schemaId =
                (message[1] & 0xff) << 24 | (message[2] & 0xff) << 16 | (message[3] & 0xff) << 8 | message[4] & 0xff;
        return new WireMessage.Payload(schemaId, HEADER_LENGTH);
    }
}
