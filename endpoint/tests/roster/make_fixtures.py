# Makes the binary fixtures beside it (needs xlwt and openpyxl; LibreOffice's `soffice --convert-to xls` made
# calc.xls from styled.xlsx). Run only when a fixture has to change; the files are committed.
import datetime, sys
import openpyxl
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

HEAD = ["序号", "村民小组", "户编号", "姓名", "性别", "身份证号", "与户主关系", "出生日期", "健康状况", "联系电话", "备注"]
# (group, number, family, phone); people: name, sex, id, relation, birth, health, remark
FAMILIES = [
    ("1组", "4228221042990001", 15400000001, [
        ("彭正富", "男", "422899196605189655", "户主", datetime.date(1966, 5, 18), "健康", "外出"),
        ("阿依古丽・买买提", "女", "430299199204149688", "配偶", datetime.date(1992, 4, 14), "长期慢性病", ""),
    ]),
    ("2组", "4228221042990002", 15400000002, [
        ("王生光", "男", "422899197508149998", "户主", datetime.date(1975, 8, 14), "健康", "长" * 3000),
        ("𠮷田㐂", "女", "422899198501249800", "配偶", datetime.date(1985, 1, 24), "残疾,长期慢性病", ""),
        ("王小强", "男", "42289920080418985X", "长子", datetime.date(2008, 4, 18), "健康", ""),
    ]),
]


def xls(path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("花名册")
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    middle = xlwt.easyxf("align: vert centre")
    sheet.write_merge(0, 0, 0, len(HEAD) - 1, "官店镇测试村农户花名册")
    for column, title in enumerate(HEAD):
        sheet.write(1, column, title)
    row = 2
    seq = 1
    for group, number, phone, people in FAMILIES:
        last = row + len(people) - 1
        for column, value in ((1, group), (2, number), (9, phone)):
            sheet.write_merge(row, last, column, column, value, middle)
        for name, sex, idno, relation, birth, health, remark in people:
            sheet.write(row, 0, seq)
            for column, value in ((3, name), (4, sex), (5, idno), (6, relation), (8, health)):
                sheet.write(row, column, value)
            sheet.write(row, 7, birth, date)
            if remark:
                sheet.write(row, 10, remark)
            row += 1
            seq += 1
    sheet.write(row, 0, "填表人：")
    note = book.add_sheet("说明")
    # Enough different texts that the table of shared texts is cut into several records.
    for at in range(400):
        note.write(at, 0, "填写说明第%d条：%s" % (at, "请按户口簿填写" * 3))
    book.save(path)


def xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["官店镇测试村农户花名册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD))
    sheet["A1"].font = Font(size=20, bold=True)
    sheet.append(HEAD)
    thin = Side(style="thin")
    for cell in sheet[2]:
        cell.fill = PatternFill("solid", fgColor="FFFF00")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.alignment = Alignment(wrap_text=True, horizontal="center")
    seq = 1
    for group, number, phone, people in FAMILIES:
        first = sheet.max_row + 1
        for name, sex, idno, relation, birth, health, remark in people:
            begins = sheet.max_row + 1 == first
            sheet.append([seq, group if begins else None, number if begins else None, name, sex, idno, relation, birth,
                          health, phone if begins else None, remark or None])
            sheet.cell(sheet.max_row, 8).number_format = 'yyyy"年"m"月"d"日"'
            seq += 1
        for column in (2, 3, 10):
            sheet.merge_cells(start_row=first, start_column=column, end_row=sheet.max_row, end_column=column)
    sheet["D3"].comment = Comment("户口在外", "办公室")
    sheet.row_dimensions[4].height = 40
    sheet.column_dimensions["F"].width = 24
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = "A2:K%d" % sheet.max_row
    check = DataValidation(type="list", formula1='"男,女"')
    sheet.add_data_validation(check)
    check.add("E3:E100")
    note = book.create_sheet("填写说明")
    note["A1"] = "本表按人填写"
    hidden = book.create_sheet("字典")
    hidden.append(["姓名", "性别", "身份证号"])
    hidden.append(["示例", "男", "无"])
    hidden.sheet_state = "hidden"
    book.save(path)


xls("xlwt.xls")
xlsx("styled.xlsx")
