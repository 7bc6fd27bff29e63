"""The demo's accounts: who can sign in, and as what."""

from dataclasses import dataclass

from plants.text import Text

PASSWORD = "demo-ULE-2024"  # noqa: S105 (printed on purpose: it opens only the demo)
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Account:
    """A person of the demo whom a visitor may be; ``role`` says in few words for what."""

    email: str
    name: Text
    role: Text


ACCOUNTS = (
    Account(
        f"changji-officer@{DOMAIN}",
        Text("努尔兰", "Nurlan"),
        Text("昌吉州生态环境局审核人员", "Officer, Changji bureau"),
    ),
    Account(
        f"region-officer@{DOMAIN}",
        Text("林望舒", "Lin Wangshu"),
        Text("自治区生态环境厅审核人员", "Officer, autonomous region"),
    ),
    Account(
        f"corps-officer@{DOMAIN}",
        Text("郑清越", "Zheng Qingyue"),
        Text("兵团第八师生态环境局审核人员", "Officer, 8th division of the Corps"),
    ),
    Account(
        f"corps-bureau-officer@{DOMAIN}",
        Text("古丽娜", "Gulnar"),
        Text("兵团生态环境局审核人员", "Officer, the Corps' bureau"),
    ),
    Account(
        f"manager@{DOMAIN}",
        Text("马晓岚", "Ma Xiaolan"),
        Text("昌吉市一家企业的环保负责人", "Plant manager, Changji"),
    ),
    Account(
        f"other-manager@{DOMAIN}",
        Text("周知远", "Zhou Zhiyuan"),
        Text("另一家企业的环保负责人", "Plant manager of another plant"),
    ),
    Account(
        f"group-manager@{DOMAIN}",
        Text("阿依古丽", "Aygul"),
        Text("企业集团环保负责人", "Group manager, many plants"),
    ),
    Account(
        f"monitoring@{DOMAIN}",
        Text("艾力", "Ali"),
        Text("监测机构人员（只见受邀轮次）", "Monitoring body, sees its rounds only"),
    ),
    Account(
        f"technical@{DOMAIN}",
        Text("沈怀瑾", "Shen Huaijin"),
        Text("技术机构人员（只见受邀轮次）", "Technical body, sees its rounds only"),
    ),
    Account(
        f"auditor@{DOMAIN}",
        Text("何景行", "He Jingxing"),
        Text("督查人员（只读，自治区和兵团）", "Auditor, read only, region and Corps"),
    ),
    Account(
        f"admin@{DOMAIN}",
        Text("系统管理员", "Administrator"),
        Text("系统管理员（自治区和兵团）", "Administrator, region and Corps"),
    ),
)
