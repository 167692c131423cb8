//! Phrases to tap for 原话, as families say them at the door; in the order of the six checks, then of work and money.

/// Every phrase.
pub(super) const ALL: &[&str] = &[
    "粮食够吃，肉蛋奶也有",
    "粮食接不上，要买",
    "衣服被子都够",
    "冬天被子不够",
    "娃娃都在上学",
    "娃娃不想去上学",
    "医保都交了",
    "今年医保还没交",
    "看病报销得了",
    "吃药贵，负担重",
    "房子不漏雨",
    "房子漏雨",
    "墙上有裂缝",
    "水够吃，水干净",
    "天干时水不够",
    "水浑，不干净",
    "家里有人在外面打工",
    "今年没找到活",
    "低保按时到账",
    "没什么困难",
];
