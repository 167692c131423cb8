//! Why the core could not do what was asked: one error for the client's door, with sentences for people.

use super::link::{KeyError, LinkError};
use super::store::StoreError;
use super::view::{Problem, Words};
use crate::doc::{DocError, EditError};
use crate::sync::frame::FrameError;
use crate::sync::rescue::RescueError;

/// Why a request failed. Nothing was changed then, unless the sentence says so.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ClientError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Doc(#[from] DocError),
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Something answered that is not the endpoint: a captive portal, a proxy.
    #[error("not the endpoint that answered")]
    NotOurs,
    /// The endpoint refused, with its code and the seconds to wait.
    #[error("refused by the endpoint: {0}")]
    Refused(String, u64),
    /// Nothing of a rescue file can be used.
    #[error(transparent)]
    Rescue(#[from] RescueError),
    /// Nobody has joined on this phone.
    #[error("nobody has joined on this phone")]
    NotJoined,
    /// No such document, record or draft.
    #[error("not found")]
    NotFound,
    /// The document was set aside because it cannot be opened.
    #[error("set aside")]
    Quarantined,
    /// A published form that has not come yet, or only in part.
    #[error("the form has not come yet")]
    FormMissing,
    /// A form that is not what was published.
    #[error("the form is not what was published")]
    FormDamaged,
    /// A form that this release cannot read.
    #[error("the form needs a newer release")]
    FormLater,
    /// A field of the request cannot be taken as it is.
    #[error("{0}: not acceptable")]
    Field(String, Words),
}

impl ClientError {
    /// The endpoint takes nothing from this phone any more, until a person does something about it.
    pub(super) fn turns_away(&self) -> bool {
        matches!(self, ClientError::Refused(code, _) if ["device_revoked", "unauthorized"].contains(&code.as_str()))
    }

    /// Stable code for the error record.
    pub fn code(&self) -> String {
        match self {
            ClientError::Store(error) => error.code().into(),
            ClientError::Link(error) => error.code().into(),
            ClientError::Key(_) => "key_failed".into(),
            ClientError::Doc(error) => error.code().into(),
            ClientError::Edit(error) => error.code().into(),
            ClientError::Frame(error) => error.code().into(),
            ClientError::Rescue(error) => error.code().into(),
            ClientError::NotOurs => "link_not_ours".into(),
            ClientError::Refused(code, _) => code.clone(),
            ClientError::NotJoined => "not_joined".into(),
            ClientError::NotFound => "not_found".into(),
            ClientError::Quarantined => "doc_quarantined".into(),
            ClientError::FormMissing => "form_missing".into(),
            ClientError::FormDamaged => "form_damaged".into(),
            ClientError::FormLater => "form_later".into(),
            ClientError::Field(code, _) => code.clone(),
        }
    }

    /// The sentence for the person: what, and what to do.
    pub fn problem(&self) -> Problem {
        let words = match self {
            ClientError::Field(_, words) => words.clone(),
            ClientError::Refused(code, wait_s) if *wait_s > 0 => {
                let mut words = sentence(code);
                words.zh.push_str(&format!("请等 {wait_s} 秒再试。"));
                words.en.push_str(&format!(" Try again in {wait_s} seconds."));
                words
            }
            other => sentence(&other.code()),
        };
        Problem {
            code: self.code(),
            words,
        }
    }
}

/// Sentences by code, in Chinese and English.
const SENTENCES: &[(&str, &str, &str)] = &[
    (
        "store_full",
        "手机存储满了，刚才的内容没有存下。请清出一些空间再按一次保存，内容还在屏幕上。",
        "The phone's storage is full; this was not saved. Free some space and press save again; what you wrote is still on the screen.",
    ),
    (
        "store_lost",
        "手机的存储暂时打不开，没有存下。请再按一次保存；还不行就关掉重开本应用。",
        "The phone's storage cannot be reached just now; nothing was saved. Press save again, or close and reopen the app.",
    ),
    (
        "store_elsewhere",
        "遍访已在另一个窗口打开。请用那个窗口，或在这里接着用。",
        "Bianfang is open in another window. Use that one, or take over here.",
    ),
    (
        "store_newer",
        "手机上的数据是新版本写的，请先更新本应用。",
        "The records were written by a newer release; please update the app first.",
    ),
    (
        "store_absent",
        "这个浏览器不给本网页存东西（可能是无痕模式）。请用普通窗口打开。",
        "This browser keeps no data for the page (private mode?). Open it in an ordinary window.",
    ),
    (
        "store_failed",
        "手机没能存下，请再按一次保存。",
        "The phone could not save this; press save again.",
    ),
    (
        "link_offline",
        "现在没有信号。内容都在手机里，有信号会自动上传。",
        "No signal now. Everything is on the phone and goes up when there is a connection.",
    ),
    (
        "link_timeout",
        "信号太弱，等不到回应。内容都在手机里，稍后会再试。",
        "The signal is too weak. Everything is on the phone; it will be tried again.",
    ),
    (
        "link_cut",
        "连接中断了。内容都在手机里，会从断处接着传。",
        "The connection broke off. Everything is on the phone; it goes on from there.",
    ),
    (
        "link_not_ours",
        "连上的不是遍访的服务器，可能是要登录的 Wi-Fi。请打开浏览器登录 Wi-Fi，或改用手机流量。",
        "What answered is not the Bianfang endpoint; perhaps a Wi-Fi that wants a login. Log in to it, or use mobile data.",
    ),
    (
        "key_failed",
        "这台手机做不出密钥，没法加入。请更新浏览器后再试。",
        "This phone cannot make its key. Update the browser and try again.",
    ),
    (
        "doc_unreadable",
        "这条记录打不开，已单独放好，别的不受影响。可在“我的”里再试或交给县办。",
        "This record cannot be read; it was set aside and nothing else is affected. Try again under Me, or hand it to the desk.",
    ),
    (
        "doc_kind_later",
        "这条是新版本写的，这个版本还打不开，已单独放好。应用更新后会自动补上。",
        "A newer version wrote this and this one cannot open it yet; it was set aside. It comes by itself once the app is updated.",
    ),
    (
        "doc_other",
        "这条记录的内容不是它自己的，已单独放好。",
        "The stored bytes belong to another record; they were set aside.",
    ),
    (
        "doc_change_malformed",
        "收到一条看不懂的改动，已单独放好。",
        "A change that cannot be understood arrived; it was set aside.",
    ),
    (
        "doc_change_missing_deps",
        "收到的改动缺前面的内容，已单独放好，下次同步会补。",
        "A change arrived without what it builds on; it was set aside until the next sync.",
    ),
    (
        "doc_change_contradiction",
        "收到的改动与同一部手机先前的内容对不上，已单独放好。",
        "A change contradicts what the same phone wrote before; it was set aside.",
    ),
    (
        "doc_too_large",
        "这条记录太大了，请联系县办。",
        "This record is too large; ask the county desk.",
    ),
    (
        "doc_open_died",
        "应用几次在打开这条记录时停了，已把它单独放好，别的不受影响。可以再试；还不行，请联系县办。",
        "The app stopped several times while opening this record, so it was set aside; nothing else is affected. Try again; if it goes on, ask the desk.",
    ),
    (
        "doc_quarantined",
        "这条记录打不开，已单独放好。可在“我的 · 打不开的记录”里再试。",
        "This record cannot be opened and was set aside. Try again under Me, unreadable records.",
    ),
    (
        "edit_unknown_base",
        "这一页已经过期，请退回再打开，刚才填的还在。",
        "This page is out of date; go back and open it again, what you filled in is kept.",
    ),
    (
        "edit_no_record",
        "找不到要改的记录，请退回再打开。",
        "The record to change is not there; go back and open it again.",
    ),
    ("edit_exists", "这条记录已经有了。", "This record is there already."),
    (
        "edit_no_table",
        "这里写不了这种记录。",
        "Records of this kind cannot be written here.",
    ),
    (
        "edit_too_long",
        "写得太长了，请分开写。",
        "The text is too long; please split it.",
    ),
    (
        "edit_no_note",
        "这一项不是备注，写不进去。",
        "This field is not a note.",
    ),
    (
        "edit_rejected",
        "没有存下，请再试一次。",
        "This was not saved; please try again.",
    ),
    (
        "frame_not_ours",
        "服务器的回应看不懂，可能是中间的网络改了内容。稍后再试。",
        "The answer cannot be understood; something on the way may have changed it. Try again later.",
    ),
    (
        "frame_version",
        "本应用版本和服务器不一致，请更新本应用。",
        "The app and the endpoint speak different versions; please update the app.",
    ),
    (
        "frame_kind",
        "服务器的回应不对，稍后再试。",
        "The endpoint gave an unexpected answer; try again later.",
    ),
    (
        "frame_too_large",
        "服务器的回应太大，请联系县办。",
        "The endpoint's answer is too large; ask the county desk.",
    ),
    (
        "frame_damaged",
        "收到的内容不完整，会再试。",
        "What arrived is damaged; it will be tried again.",
    ),
    (
        "frame_body",
        "收到的内容不完整，会再试。",
        "What arrived is damaged; it will be tried again.",
    ),
    (
        "not_joined",
        "这台手机还没有加入村子。请点邀请链接，或输入邀请码。",
        "Nobody has joined on this phone. Open the invitation link or type the code.",
    ),
    (
        "not_found",
        "找不到这条记录，可能还没有收到。",
        "This record is not here; it may not have arrived yet.",
    ),
    (
        "form_missing",
        "这张表还没收全，同步以后就能打开。已填的都在，别的不受影响。",
        "This form has not come in whole yet; it opens after the next sync. What was filled in is kept, and nothing else is affected.",
    ),
    (
        "form_damaged",
        "这张表收到的内容和发布的不一样，不能用来填写。已填的都在，别的不受影响。请联系县办重新发布。",
        "What arrived of this form is not what was published, so it cannot be filled in. What was filled in is kept, and nothing else is affected. Ask the desk to publish it again.",
    ),
    (
        "form_later",
        "这张表要新版本的应用才能打开，请先更新。已填的都在，别的不受影响。",
        "This form needs a newer release of the app; please update. What was filled in is kept, and nothing else is affected.",
    ),
    (
        "invitation_unknown",
        "没有这个邀请码，请看清楚再输一次，或请班长、县办重新发。",
        "There is no such invitation. Check the code, or ask the team leader or the desk for a new one.",
    ),
    (
        "invitation_used",
        "这份邀请已经用过了。请班长或县办再发一份。",
        "This invitation has been used. Ask the team leader or the desk for another.",
    ),
    (
        "invitation_expired",
        "这份邀请已过期（7 天内有效）。请班长或县办再发一份。",
        "This invitation has expired (valid 7 days). Ask the team leader or the desk for another.",
    ),
    (
        "invitation_revoked",
        "这份邀请已收回。请班长或县办再发一份。",
        "This invitation was withdrawn. Ask the team leader or the desk for another.",
    ),
    (
        "device_revoked",
        "这台手机已被停用，不能再上传。手机里的内容还在，请联系县办。",
        "This phone was switched off by the desk and can no longer send. What is on it is kept; ask the desk.",
    ),
    (
        "not_allowed",
        "您没有做这件事的权限。",
        "You are not allowed to do this.",
    ),
    (
        "unauthorized",
        "服务器不认这台手机（可能用旧备份恢复过）。手机里的内容都在。请班长或县办再发一个邀请，在这台手机上重新加入。",
        "The endpoint does not know this phone; it may have been restored from an old backup. Everything on the phone is kept. Ask the team leader or the desk for an invitation and join again on this phone.",
    ),
    (
        "already_joined",
        "这部手机已经加入了，邀请没有用掉。",
        "This phone has joined already; the invitation was not used.",
    ),
    (
        "other_village",
        "这份邀请是另一个村的。这部手机上的内容都在，没有动。请要一份本村的邀请。",
        "This invitation is for another village. Everything on the phone is as it was. Ask for one of this village.",
    ),
    (
        "photo_empty",
        "这个文件是空的，不是照片。请重新拍或另选一张。",
        "This file is empty, not a photo. Take it again or choose another one.",
    ),
    (
        "photo_heic",
        "这张照片是 HEIC 格式，这部手机的浏览器读不了。请在相机设置里改为 JPEG（兼容性最佳），或直接在这里拍照。",
        "This photo is in the format HEIC, which this browser cannot read. Set the camera to JPEG (most compatible), or take the photo here.",
    ),
    (
        "photo_not_a_picture",
        "这个文件不是照片，没有存。请选 JPEG、PNG 或 WebP 图片。",
        "This file is not a photo and was not kept. Choose a picture in JPEG, PNG or WebP.",
    ),
    (
        "photo_too_large",
        "这张照片太大了，没有存。请重新拍一张。",
        "This photo is too large and was not kept. Take it again.",
    ),
    (
        "photo_no_room",
        "手机存储满了，这张照片没有存下；文字照样能存。请清出一些空间再拍。",
        "The phone's storage is full and this photo was not kept; text can still be saved. Free some space and take it again.",
    ),
    (
        "photo_lost",
        "有一张照片在手机里坏了，传不上去。缩略图和记录还在。",
        "A photo was damaged on this phone and cannot be sent. Its thumbnail and the record are there.",
    ),
    (
        "photo_damaged",
        "这张照片收到时是坏的，没有显示。请再试一次；还不行请告诉县办。",
        "This photo arrived damaged and is not shown. Try again, or tell the desk.",
    ),
    (
        "photo_device_quota",
        "今天从这台手机传的照片太多了，其余的照片留在手机里，明天接着传。文字照常同步。",
        "Too many photos were sent from this phone today. The others stay on it and go tomorrow; text goes as always.",
    ),
    (
        "photo_village_quota",
        "本村照片的空间满了，照片留在手机里，文字照常同步。请告诉县办。",
        "The room for this village's photos is full. Photos stay on the phone, text goes as always. Tell the desk.",
    ),
    (
        "leave_photos",
        "还有照片只在这台手机上，备份里没有。请先连上网传完，再退出。",
        "There are photos that are only on this phone, and no rescue file holds them. Let them be sent first.",
    ),
    ("too_many_requests", "服务器正忙。", "The endpoint is busy."),
    (
        "too_large",
        "一次传得太多，会分开再传。",
        "Too much at once; it will be sent in parts.",
    ),
    ("unavailable", "服务器正忙。", "The endpoint is busy."),
    (
        "endpoint_failed",
        "服务器出了问题，没有收下。内容都在手机里，稍后会再试。",
        "The endpoint had a problem and took nothing. Everything is on the phone; it will be tried again.",
    ),
    (
        "endpoint_full",
        "服务器的磁盘满了，没有收下。内容都在手机里，稍后会再试。请告诉县办。",
        "The endpoint's disk is full; it took nothing. Everything is on the phone; it will be tried again. Tell the desk.",
    ),
    (
        "enrol_bad_signature",
        "这部手机没能证明自己的密钥，没有加入。请再试一次。",
        "This phone could not prove its key and did not join. Try again.",
    ),
    (
        "enrol_key_taken",
        "这部手机已用别人的名字加入过。先在“我的”里退出，再用这个邀请。",
        "This phone has joined under another name. Leave there first, then use this invitation.",
    ),
    (
        "invite_bad_name",
        "姓名、电话或权限写得不对，没有生成邀请。",
        "The name, the number or the role cannot be used; no invitation was made.",
    ),
    (
        "unknown_space",
        "服务器上没有这个村。请联系县办。",
        "The endpoint does not know this village. Ask the desk.",
    ),
    (
        "first_load_gone",
        "村里的数据刚更新过，重新取一次目录。",
        "The village was repacked meanwhile; its list is fetched again.",
    ),
    (
        "rescue_not_ours",
        "这不是遍访的备份文件。请选“遍访备份”开头的文件。",
        "This is no rescue file of Bianfang. Choose the file whose name begins with 遍访备份.",
    ),
    (
        "rescue_newer",
        "这份备份是新版本做的，请先更新本应用再打开。",
        "This rescue file was made by a newer release; update the app, then open it.",
    ),
    (
        "rescue_other_village",
        "这份备份是别的村的，本村打不开，什么也没动。",
        "This rescue file belongs to another village and cannot be opened here; nothing was changed.",
    ),
    (
        "rescue_damaged",
        "这份备份坏了，一段也读不出来。请让对方重新备份一份，再传一次。",
        "This rescue file is damaged: no part of it can be read. Ask for a new one, and have it sent again.",
    ),
    (
        "rescue_too_large",
        "这个文件太大了，不是遍访的备份。",
        "The file is too large to be a rescue file.",
    ),
    (
        "relay_refused",
        "这条是同事写的，服务器没有从这台手机收下：那台手机已停用，或签名对不上。请对方自己同步，或把备份文件交给县办。",
        "A colleague wrote this, and the endpoint did not take it from this phone: that phone was switched off, or its signature does not fit. The colleague can synchronise, or the desk accept a rescue file.",
    ),
    (
        "relay_out",
        "这条是同事写的，服务器没有从这台手机收下，已单独放好。请对方自己同步，或把备份文件交给县办；收下以后会自动补回来。",
        "A colleague wrote this, and the endpoint did not take it from this phone; it was set aside. The colleague can synchronise, or the desk accept a rescue file, and it comes back then.",
    ),
    (
        "rescue_nothing",
        "没有要备份的：这台手机上的都已上传。",
        "There is nothing to put aside: everything on this phone is uploaded.",
    ),
    (
        "leave_unkept",
        "还有内容只在这台手机上，不能退出。请先同步，或先备份。",
        "Something is only on this phone, so it cannot leave yet. Synchronise, or make a rescue file first.",
    ),
    (
        "leave_drafts",
        "还有没填完的走访，备份里没有。请先保存或丢掉草稿，再退出。",
        "There are visits begun and not saved, which no rescue file holds. Save or drop them first.",
    ),
    (
        "refused_role_not_held",
        "这一步是用没有给过您的权限做的，服务器没有收下，已单独放好，别的不受影响。请同步后重做，或联系县办。",
        "This step was done in a role that you were never given. The endpoint did not take it; it was set aside and nothing else is affected. Synchronise and do it again, or ask the desk.",
    ),
    (
        "refused_step_impossible",
        "这一步缺了规定要有的内容，服务器没有收下，已单独放好，别的不受影响。请更新本应用后重做。",
        "This step lacks what it has to carry. The endpoint did not take it; it was set aside and nothing else is affected. Update the app and do it again.",
    ),
    (
        "refused_device_revoked",
        "这台手机已被停用，不能再上传。手机里的内容还在，请联系县办。",
        "This phone was switched off by the desk and can no longer send. What is on it is kept; ask the desk.",
    ),
];

/// The sentence of a code; of a code of a newer endpoint a general one.
pub(super) fn sentence(code: &str) -> Words {
    let found = SENTENCES.iter().find(|(known, _, _)| *known == code);
    let (zh, en) = found.map_or_else(
        || match code.starts_with("refused_") {
            true if code.starts_with("refused_other_") => ("服务器没有收下这条改动，这个版本还说不出原因。已单独放好，别的不受影响。请更新本应用后再试，或联系县办。", "The endpoint did not take this change, for a reason that this version does not know. It was set aside and nothing else is affected. Update the app and try again, or ask the desk."),
            true => ("服务器没有收下这条改动，已单独放好，别的不受影响。可在“我的”里再试或交给县办。", "The endpoint did not take this change; it was set aside and nothing else is affected. Try again under Me, or ask the desk."),
            false => ("没有做成，请再试一次。", "This did not work; please try again."),
        },
        |(_, zh, en)| (*zh, *en),
    );
    Words {
        zh: zh.into(),
        en: en.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::wire::RefusalCode;

    #[test]
    fn each_code_has_one_sentence_in_both_languages() {
        let mut codes: Vec<&str> = SENTENCES.iter().map(|(code, _, _)| *code).collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
        for error in [
            ClientError::Store(StoreError::Full),
            ClientError::Link(LinkError::Timeout),
            ClientError::NotOurs,
            ClientError::Doc(DocError::Contradiction),
            ClientError::Edit(EditError::UnknownBase),
            ClientError::Frame(FrameError::Damaged),
            ClientError::FormMissing,
            ClientError::FormDamaged,
            ClientError::FormLater,
        ] {
            assert!(codes.contains(&error.code().as_str()), "{}", error.code());
        }
        for code in RefusalCode::ALL {
            assert!(!sentence(code.code()).zh.is_empty());
        }
    }
}
