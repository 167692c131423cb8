//! Joining: looking at an invitation, using it, and making one. Small frames of texts.

use super::frame::{self, FrameError, FrameKind};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::id::{DeviceId, MemberId, SpaceId};

const TEXT_MAX: usize = 400;

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $kind:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }

        impl $name {
            /// As a frame.
            pub fn encode(&self) -> Vec<u8> {
                let mut writer = Writer::new();
                $(self.$field.write(&mut writer);)*
                frame::seal(FrameKind::$kind, &writer.finish())
            }
            /// From a frame.
            pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
                let body = frame::open(FrameKind::$kind, bytes)?;
                let mut reader = Reader::new(&body);
                let message = Self { $($field: <$type>::read(&mut reader)?),* };
                reader.end()?;
                Ok(message)
            }
        }
    )*};
}

trait Part: Sized {
    fn write(&self, writer: &mut Writer);
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

impl Part for String {
    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.text(TEXT_MAX).map(str::to_owned)
    }
}
impl Part for u64 {
    fn write(&self, writer: &mut Writer) {
        writer.number(*self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.number()
    }
}
impl Part for bool {
    fn write(&self, writer: &mut Writer) {
        writer.byte(u8::from(*self));
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.byte().map(|byte| byte != 0)
    }
}
impl<const N: usize> Part for [u8; N] {
    fn write(&self, writer: &mut Writer) {
        writer.raw(self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array()
    }
}
macro_rules! id_parts {
    ($($id:ident)*) => {$(impl Part for $id {
        fn write(&self, writer: &mut Writer) {
            writer.raw(self.as_bytes());
        }
        fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
            reader.array().map($id)
        }
    })*};
}
id_parts! { SpaceId MemberId DeviceId }

messages! {
    /// Looks at an invitation without using it.
    Look = Look { token: String }
    /// What an invitation is for. `state`: open, used, expired, unknown, revoked.
    Looked = Looked {
        state: String,
        village: String,
        name: String,
        role: String,
        inviter: String,
        inviter_phone: String,
        households: u64,
        /// Size of the first load, compressed bytes.
        bytes: u64,
        expires_on: String,
    }
    /// Uses an invitation: enrols the device that holds this key.
    Enrol = Enrol {
        token: String,
        /// Uncompressed point.
        public_key: [u8; 65],
        label: String,
        /// Who the phone belonged to before an endpoint forgot it, all zeros on a new phone: what it wrote keeps its author.
        former: MemberId,
        /// Over `bianfang/enrol/1`, the token and the key: proves possession.
        signature: [u8; 64],
    }
    /// The device belongs to a member of a space now.
    Enrolled = Enrolled {
        space: SpaceId,
        member: MemberId,
        device: DeviceId,
        name: String,
        role: String,
        village: String,
        code: String,
        /// Bearer token of this device; the endpoint keeps its hash only.
        token: String,
        /// Key of the space for the keyed hashes of ID numbers in the index.
        space_key: [u8; 32],
        demonstration: bool,
    }
    /// Makes an invitation.
    Invite = Invite { name: String, role: String, phone: String }
    /// An invitation just made.
    Invited = Invited { token: String, code: String, link: String, expires_on: String }
    /// Why a request was refused: a stable code, and seconds to wait when waiting helps.
    Refused = Refused { code: String, wait_s: u64 }
}

impl Enrol {
    /// What the device signs to prove that it holds the key.
    pub fn message(token: &str, public_key: &[u8; 65]) -> Vec<u8> {
        [b"bianfang/enrol/1".as_slice(), token.as_bytes(), public_key].concat()
    }
}
