//! What families say and what the visitors think of it. {head}, {elder}, {child}, {worker}, {place} stand for people of the
//! family and for where they work; a sentence is only said where the family has such a person.

use super::family::Need::{self, *};
use bianfang::register::enums::{Dimension, Verdict};

/// Something said at the door when nothing is wrong.
#[derive(Debug)]
pub struct Remark {
    /// For which families.
    pub needs: Need,
    /// 原话
    pub words: &'static str,
    /// 判断; may be empty.
    pub judgement: &'static str,
}

/// Something wrong.
#[derive(Debug)]
pub struct Problem {
    /// For which families.
    pub needs: Need,
    /// The check that is not in order, and how badly.
    pub check: Option<(Dimension, Verdict)>,
    /// 问题类别
    pub category: &'static str,
    /// What is wrong, as the ledger says it.
    pub finding: &'static str,
    /// 原话
    pub words: &'static str,
    /// 判断
    pub judgement: &'static str,
}

const fn said(needs: Need, words: &'static str, judgement: &'static str) -> Remark {
    Remark {
        needs,
        words,
        judgement,
    }
}

/// Everyday remarks.
pub const REMARKS: &[Remark] = &[
    said(Anyone, "粮食够吃，今年苞谷收成还可以，坛子里肉也有", ""),
    said(Anyone, "没得啥困难，就是雨天路滑，出门要小心", "生活稳定，无新增困难"),
    said(Anyone, "屋里都好，水电都通，您们经常来，我们心里踏实", "家庭情况稳定"),
    said(
        Anyone,
        "自来水没断过，就是下大雨后有点浑，放一下就清了",
        "水质总体正常，雨后再看一次",
    ),
    said(Anyone, "今年养了两头猪，腊月杀一头，卖一头", "养殖有收入，人手够"),
    said(
        Anyone,
        "医保都在手机上交了，上次住院报了大半",
        "医保已落实，知晓报销政策",
    ),
    said(Anyone, "房子前年翻了瓦，不漏雨", "住房安全，房前排水沟已疏通"),
    said(Anyone, "电视、手机都有信号，就是屋后面那间收不到", ""),
    said(Anyone, "洋芋挖完了，正在点萝卜，活路忙得过来", "劳力够，农活跟得上"),
    said(
        Anyone,
        "上回说的公路边沟，村里来人清了，谢谢您们",
        "上次反映的事已办结，群众满意",
    ),
    said(
        Anyone,
        "政策宣传单看到了，有不懂的再问您",
        "政策知晓，已当面讲解医保和养老待遇",
    ),
    said(
        Anyone,
        "烟叶卖了两千多斤，价钱比去年好点",
        "烟叶收入稳定，建议明年规模不变",
    ),
    said(Anyone, "茶园今年修剪了，春茶就指望它", "产业有基础，可联系合作社收购"),
    said(Anyone, "想养点蜂子，不晓得哪里学技术", "有发展意愿，已登记养蜂培训"),
    said(Anyone, "院坝硬化了，赶场方便多了", "人居环境有改善"),
    said(Anyone, "电费有点高，冬天烤火用电多", "用电正常，提醒安全用电"),
    said(Anyone, "厕所改了，补助也到了卡上", "改厕已验收，补助到账"),
    said(Child, "{child}在学校吃住都好，周五回来", "{child}在读，无辍学风险"),
    said(Child, "{child}这学期成绩有进步，老师打过电话", "教育有保障，家长重视"),
    said(Child, "娃娃的营养餐有，校车也准时", "义务教育有保障，补助已享受"),
    said(
        Child,
        "{child}放假在屋里看手机多，管不住",
        "提醒家长管好手机，防溺水已讲",
    ),
    said(Child, "{child}的作业爷爷奶奶辅导不了", "留守儿童，已联系班主任多关心"),
    said(
        Worker,
        "{worker}在{place}打工，一个月四千多，月月寄钱回来",
        "务工稳定，收入有保障",
    ),
    said(Worker, "{worker}在{place}厂里上班，过年才回", "务工稳定，已记电话"),
    said(
        Worker,
        "{worker}说{place}那边活不多，想回来找点事做",
        "收入可能下降，推荐镇上以工代赈岗位",
    ),
    said(
        Worker,
        "屋里就我们老两口，{worker}在{place}，隔几天打个电话",
        "老人在家，子女务工，注意冬季防火",
    ),
    said(Worker, "{worker}换了厂，工资涨了五百", "务工收入增加，已更新台账"),
    said(Elder, "{elder}身体还硬朗，高血压药天天吃", "慢病管理正常，村医每月随访"),
    said(Elder, "{elder}腿脚不方便，赶场都是邻居带", "行动不便，已请邻居多照看"),
    said(Elder, "养老金按时到账，够买油盐", "养老待遇落实"),
    said(Elder, "{elder}耳朵背，您大点声讲", "听力差，已记下，建议做残疾评定"),
    said(Ill, "药是村医送来的，慢病卡报了一部分", "慢病签约服务正常"),
    said(
        Ill,
        "{head}上个月住了十天院，自己出了一千二",
        "住院报销到位，暂不影响生活",
    ),
    said(Ill, "每个月吃药两百多，还撑得住", "用药稳定，核实门诊慢病待遇已享受"),
    said(Disabled, "残疾补贴每个月都有，轮椅是残联给的", "两项补贴落实"),
    said(
        Disabled,
        "他一个人做不了重活，扫地的公益岗干得了",
        "公益性岗位在岗，收入稳定",
    ),
    said(Poor, "低保钱按月打到卡上，没少过", "低保待遇落实"),
    said(Poor, "公益岗一个月五百，扫这段路", "公益岗在岗，路段干净"),
    said(Poor, "产业奖补填了表，还没打款", "奖补在公示期，下次回访核实到账"),
    said(Poor, "结对的干部来过几回，帮忙卖了洋芋", "帮扶措施有效"),
    said(Poor, "小额信贷借了三万，买了两头母牛", "贷款用于养牛，防疫已做"),
    said(Anyone, "屋后面那个坡，下大雨有点怕", "已看现场，坡面稳定，列入雨季巡查"),
    said(Anyone, "合作医疗今年涨价了，还是要交", "已讲清缴费标准和报销比例"),
    said(Anyone, "路灯亮了，晚上走路不怕了", ""),
    said(Anyone, "今年核桃挂果多，就是不好卖", "可对接电商点，已记联系人"),
    said(Anyone, "媳妇在镇上超市上班，早出晚归", "就近就业，收入稳定"),
];

/// Problems as they are met.
pub const PROBLEMS: &[Problem] = &[
    Problem {
        needs: Dry,
        check: Some((Dimension::Water, Verdict::Basic)),
        category: "饮水",
        finding: "天干时蓄水池见底，隔天供水",
        words: "天干的时候水不够，要到沟里挑",
        judgement: "季节性缺水，需接后山水源，报水利站",
    },
    Problem {
        needs: Dry,
        check: Some((Dimension::Water, Verdict::Unmet)),
        category: "饮水",
        finding: "入户水管冻裂，近两周挑水吃",
        words: "水管冻炸了，这几天到邻居家挑水",
        judgement: "管护不到位，已通知水管员三天内修",
    },
    Problem {
        needs: Anyone,
        check: Some((Dimension::Water, Verdict::Basic)),
        category: "饮水",
        finding: "雨后水浑，过滤池未清洗",
        words: "一下雨水就黄，要澄半天",
        judgement: "蓄水池过滤层需更换，协调村水管员",
    },
    Problem {
        needs: Cracked,
        check: Some((Dimension::Housing, Verdict::Unmet)),
        category: "住房",
        finding: "灶房墙体开裂，缝宽约二十毫米",
        words: "灶房这面墙裂了，下雨不敢进去烧火",
        judgement: "疑似C级，报住建部门鉴定，先封灶房",
    },
    Problem {
        needs: Cracked,
        check: Some((Dimension::Housing, Verdict::Basic)),
        category: "住房",
        finding: "偏屋屋面漏雨，檩条有一根朽断",
        words: "偏屋漏雨，主屋没得事",
        judgement: "主屋安全，偏屋需翻瓦，联系匠人估价",
    },
    Problem {
        needs: Anyone,
        check: Some((Dimension::Housing, Verdict::Basic)),
        category: "住房",
        finding: "屋后排水沟堵塞，墙脚返潮",
        words: "屋后沟堵了，墙脚都是湿的",
        judgement: "组织清沟，雨季前完成",
    },
    Problem {
        needs: Child,
        check: Some((Dimension::Education, Verdict::Basic)),
        category: "教育",
        finding: "{child}最近两周没有到校，家长说厌学",
        words: "{child}不想去上学，劝不动",
        judgement: "有辍学苗头，联系班主任一起上门劝返",
    },
    Problem {
        needs: Child,
        check: None,
        category: "教育",
        finding: "{child}的寄宿生补助还没到账",
        words: "娃娃的补助去年就填了，一直没看到钱",
        judgement: "核对学校名单和银行卡号",
    },
    Problem {
        needs: Ill,
        check: Some((Dimension::Medical, Verdict::Basic)),
        category: "医疗",
        finding: "符合门诊慢病条件，慢病卡未办",
        words: "药天天吃，不晓得还可以办慢病卡",
        judgement: "带资料到镇卫生院代办",
    },
    Problem {
        needs: Anyone,
        check: Some((Dimension::Medical, Verdict::Unmet)),
        category: "医疗",
        finding: "今年医保漏缴一人",
        words: "有一个在外头，搞忘记交了",
        judgement: "已告知集中缴费期，电话通知本人",
    },
    Problem {
        needs: Poor,
        check: None,
        category: "政策落实",
        finding: "产业奖补验收合格，两个月未到账",
        words: "牛验收了，钱还没下来",
        judgement: "查财政所打款批次",
    },
    Problem {
        needs: Disabled,
        check: None,
        category: "政策落实",
        finding: "残疾证到期未换，护理补贴停发",
        words: "证过期了，补贴就没得了",
        judgement: "约残联下月上门评残",
    },
    Problem {
        needs: Elder,
        check: None,
        category: "政策落实",
        finding: "八十岁以上高龄津贴未申请",
        words: "没人跟我说过有这个钱",
        judgement: "代办申请，带身份证复印件",
    },
    Problem {
        needs: Worker,
        check: None,
        category: "收入就业",
        finding: "{worker}失业返乡一个多月，暂无收入",
        words: "{worker}那个厂关了，回来一个多月了",
        judgement: "推荐园区岗位，并登记技能培训",
    },
    Problem {
        needs: Anyone,
        check: None,
        category: "基础设施",
        finding: "入户路塌方约三米，三轮车过不去",
        words: "上个月下雨垮了一截，车子进不来",
        judgement: "列入小型水毁修复，先拉警示带",
    },
    Problem {
        needs: Anyone,
        check: None,
        category: "基础设施",
        finding: "电杆倾斜，线离屋檐不足一米",
        words: "那根电杆歪起，刮风吓人",
        judgement: "报供电所处理，有安全隐患",
    },
    Problem {
        needs: Anyone,
        check: None,
        category: "人居环境",
        finding: "猪圈污水直排到路边沟",
        words: "圈里的水没处排",
        judgement: "建议建沉淀池，环保奖补可申请",
    },
    Problem {
        needs: Anyone,
        check: None,
        category: "产业",
        finding: "洋芋积压约三千斤，没有销路",
        words: "洋芋堆在屋里卖不脱",
        judgement: "对接镇上合作社和单位食堂",
    },
    Problem {
        needs: Poor,
        check: None,
        category: "资料佐证",
        finding: "帮扶手册去年收入栏没有填写",
        words: "本子在您们那里，我没填过",
        judgement: "当面核算补填，双方签字",
    },
    Problem {
        needs: Elder,
        check: Some((Dimension::Clothing, Verdict::Basic)),
        category: "吃穿",
        finding: "冬季棉被不足，两人合盖一床",
        words: "冬天冷，被子薄了点",
        judgement: "申请民政冬令物资棉被两床",
    },
];

/// When nobody of the family is there.
pub const AWAY: &[&str] = &[
    "邻居说全家都在{place}，过年才回",
    "大门上锁，电话里说一家人都在外面，屋请亲戚看着",
];

/// Over the telephone.
pub const CALLS: &[&str] = &[
    "电话里说都好，这几天在镇上看病，过两天回来",
    "在赶场，约下周屋里见",
    "在外面打零工，屋里没得人，都平安",
    "说医保已经交了，发了截图",
];

/// Who answers for the family.
pub const OTHERS: &[&str] = &["邻居", "隔壁亲戚", "组长", "住在一起的孙媳妇"];

/// Schools near the village.
pub const SCHOOLS: &[&str] = &["官店镇中心小学", "官店镇初级中学", "测试村教学点"];

/// Where people work who leave.
pub const PLACES: &[&str] = &[
    "广东省东莞市",
    "浙江省宁波市",
    "福建省晋江市",
    "湖北省武汉市",
    "江苏省昆山市",
    "湖北省宜昌市",
];
