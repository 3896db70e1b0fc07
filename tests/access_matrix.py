"""Who gets what at every address: the table behind test_urlconf.py and test_urlconf_admin.py.

A row is a person of the cast; the columns are GET and POST for an object of the PST OPD team (7(1), where the
reporter and the head enter), then the same for one of accounting (22, where the other head enters). Pages without
an object have one GET and one POST. HEAD gives what GET gives; what PUT, PATCH, DELETE and OPTIONS give stands beside
the table where it is not 405 for everybody (tests/matrix/address.py). Every cell begins with the same results. What
stands there:

login   redirected to the log-in, which knows the way back
200 …   the status of the answer; with POST, nothing has changed in the result
moved   redirected, and the result has changed
"""

from tests.matrix import PARTS
from tests.matrix.address import DECISION, OPEN, Address

PEOPLE = ("anonymous", "outsider", "reporter", "head", "other_head", "reviewer", "executive", "administrator")

ADDRESSES = {
    # The department. The executive and the administrator have their role in the hospital itself, of which
    # every unit is a part: they may look, and nothing else.
    "my_work": Address("""
        anonymous      login login
        outsider       200   405
        reporter       200   405
        head           200   405
        other_head     200   405
        reviewer       302   405
        executive      302   405
        administrator  302   405
    """),
    "entry": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   moved  404   404
        head           200   moved  404   404
        other_head     404   404    200   moved
        reviewer       404   404    404   404
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="round",
    ),
    # A panel inside the entry page: a log-in page has no place there, so 401 tells the script.
    "entry_preview": Address(
        """
        anonymous      405   401    405   401
        outsider       405   404    405   404
        reporter       405   200    405   404
        head           405   200    405   404
        other_head     405   404    405   200
        reviewer       405   404    405   404
        executive      405   404    405   404
        administrator  405   404    405   404
        """,
        takes="round",
    ),
    # Those who may look but not withdraw are told so on the entry page.
    "withdraw": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   302    405   404
        head           405   moved  405   404
        other_head     405   404    405   moved
        reviewer       405   404    405   404
        executive      405   302    405   302
        administrator  405   302    405   302
        """,
        takes="round",
        status="submitted",
    ),
    # A grid of one row. Who may look but not enter is told so on the page.
    "grid": Address(
        """
        anonymous      login login  login login
        outsider       404   404    404   404
        reporter       200   moved  404   404
        head           200   moved  404   404
        other_head     404   404    200   moved
        reviewer       200   403    200   403
        executive      200   403    200   403
        administrator  200   403    200   403
        """,
        takes="grid",
    ),
    # A row inside the grid: a log-in page has no place there, so 401 tells the script.
    "grid_row": Address(
        """
        anonymous      405   401              405   401
        outsider       405   404              405   404
        reporter       405   moved_with_200   405   404
        head           405   moved_with_200   405   404
        other_head     405   404              405   moved_with_200
        reviewer       405   404              405   404
        executive      405   404              405   404
        administrator  405   404              405   404
        """,
        takes="grid",
    ),
    "grid_template": Address(
        """
        anonymous      login login  login login
        outsider       404   405    404   405
        reporter       200   405    404   405
        head           200   405    404   405
        other_head     404   405    200   405
        reviewer       200   405    200   405
        executive      200   405    200   405
        administrator  200   405    200   405
        """,
        takes="grid",
    ),
    # What these pages send is no file, so it is asked for.
    "grid_import": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   422    405   404
        head           405   422    405   404
        other_head     405   404    405   422
        reviewer       405   404    405   404
        executive      405   404    405   404
        administrator  405   404    405   404
        """,
        takes="grid",
    ),
    # The strategy unit.
    "review_detail": Address(
        """
        anonymous      login login  login login
        outsider       404   405    404   405
        reporter       404   405    404   405
        head           404   405    404   405
        other_head     404   405    404   405
        reviewer       200   405    200   405
        executive      404   405    404   405
        administrator  404   405    404   405
        """,
        takes="round",
        status="submitted",
    ),
    "review_approve": Address(DECISION, takes="round", status="submitted"),
    "review_return": Address(DECISION, takes="round", status="submitted"),
    "review_reopen": Address(DECISION, takes="round", status="approved"),
    "review_assess": Address(DECISION, takes="round", status="submitted"),
    # Who reviews or edits templates. What a correction changes is asked with a query, which is not here:
    # without one there is nothing (test_lint_page has it with one).
    "lint": Address("""
        anonymous      login login
        outsider       404   405
        reporter       404   405
        head           404   405
        other_head     404   405
        reviewer       200   405
        executive      404   405
        administrator  200   405
    """),
    "lint_effects": Address("""
        anonymous      login login
        outsider       404   405
        reporter       404   405
        head           404   405
        other_head     404   405
        reviewer       404   405
        executive      404   405
        administrator  404   405
    """),
    "lint_detail": Address(
        """
        anonymous      login login  login login
        outsider       404   405    404   405
        reporter       404   405    404   405
        head           404   405    404   405
        other_head     404   405    404   405
        reviewer       200   405    200   405
        executive      404   405    404   405
        administrator  200   405    200   405
        """,
        takes="finding",
    ),
    # What these pages send says no decision about a finding, so it is asked for.
    "lint_decide": Address(
        """
        anonymous      login login  login login
        outsider       405   404    405   404
        reporter       405   404    405   404
        head           405   404    405   404
        other_head     405   404    405   404
        reviewer       405   422    405   422
        executive      405   404    405   404
        administrator  405   422    405   422
        """,
        takes="finding",
    ),
    # Everybody of the hospital; what is not approved is hidden on the page itself (test_hidden_values).
    "dashboard": Address("""
        anonymous      login login
        outsider       404   405
        reporter       200   405
        head           200   405
        other_head     200   405
        reviewer       200   405
        executive      200   405
        administrator  200   405
    """),
    "indicator": Address(OPEN, takes="indicator"),
    "indicator_why": Address(OPEN, takes="indicator", htmx=True),
    "result_form": Address(OPEN, takes="round"),
    "result_form_pdf": Address(OPEN, takes="round"),
    "result_form_xlsx": Address(OPEN, takes="round"),
    "indicator_form": Address(OPEN, takes="month", codes=("7", "24")),
    "indicator_form_pdf": Address(OPEN, takes="month", codes=("7", "24")),
    "indicator_form_xlsx": Address(OPEN, takes="month", codes=("7", "24")),
    # Accounts, open to whoever comes.
    "login": Address(
        """
        anonymous      200   200
        outsider       302   302
        reporter       302   302
        head           302   302
        other_head     302   302
        reviewer       302   302
        executive      302   302
        administrator  302   302
        """,
        others="302",
        nobodys="200 405 405 200",  # Django takes PUT as POST there
    ),
    "logout": Address(
        """
        anonymous      405   200
        outsider       405   200
        reporter       405   200
        head           405   200
        other_head     405   200
        reviewer       405   200
        executive      405   200
        administrator  405   200
        """,
        others="405 405 405 200",
    ),
    "password_change": Address(
        """
        anonymous      login login
        outsider       200   200
        reporter       200   200
        head           200   200
        other_head     200   200
        reviewer       200   200
        executive      200   200
        administrator  200   200
        """,
        others="200 405 405 200",
    ),
    "password_change_done": Address(
        """
        anonymous      login login
        outsider       200   405
        reporter       200   405
        head           200   405
        other_head     200   405
        reviewer       200   405
        executive      200   405
        administrator  200   405
        """,
        others="405 405 405 200",
    ),
    "set_language": Address(
        """
        anonymous      302   302
        outsider       302   302
        reporter       302   302
        head           302   302
        other_head     302   302
        reviewer       302   302
        executive      302   302
        administrator  302   302
        """,
        others="302",
    ),
    "gallery": Address("""
        anonymous      login login
        outsider       404   405
        reporter       404   405
        head           404   405
        other_head     404   405
        reviewer       404   405
        executive      404   405
        administrator  200   405
    """),
}
for part in PARTS:
    ADDRESSES |= part.ADDRESSES
TAKES = {word: take for part in PARTS for word, take in part.TAKES.items()}
SENDS = {name: send for part in PARTS for name, send in part.SENDS.items()}

# The admin: staff alone. What the administrator gets, of an object that no result rests on.
OPERATIONS = ("changelist", "add", "change", "delete", "history")
EDITED = (200, 200, 200, 200, 200)
READ = (200, 403, 200, 403, 200)  # results change through the workflow alone, events never
OF_TEMPLATE = (200, 403, 200, 200, 200)  # edited on their template's page, and deleted with it
ADMIN_MODELS = {
    "strategy_user": (200, 200, 200, 403, 200),  # closed and never deleted
    "strategy_orgunit": EDITED,
    "strategy_membership": EDITED,
    "strategy_plan": EDITED,
    "strategy_strategicissue": EDITED,
    "strategy_goal": EDITED,
    "indicators_indicator": EDITED,
    "indicators_indicatorversion": EDITED,
    "indicators_scoreband": OF_TEMPLATE,
    "indicators_dataitem": OF_TEMPLATE,
    "indicators_baseline": EDITED,
    "indicators_round": EDITED,
    "indicators_responsibility": EDITED,
    "indicators_lintdecision": READ,
    "indicators_templateoverride": READ,  # gone with its template
    "indicators_result": READ,
    "indicators_itemnote": READ,
    "indicators_datavalue": READ,
    "indicators_projectline": READ,
    "indicators_reviewevent": READ,
    "indicators_evidence": READ,
    "indicators_comment": READ,
    "indicators_recoverymeasure": READ,
    "indicators_recoverystep": READ,
    "indicators_extension": READ,
    "indicators_cancellation": READ,
    "indicators_closure": READ,
    "indicators_waiver": READ,
    "indicators_notice": READ,
    "indicators_digest": READ,
    "auth_group": EDITED,
    "axes_accessattempt": (200, 403, 200, 200, 200),
    "axes_accesslog": READ,
    "axes_accessfailurelog": READ,
}
# What an empty form gets there: what the page gets, but nothing is taken of what is only to be read.
POSTED = {READ: (200, 403, 403, 403, 200), OF_TEMPLATE: (200, 403, 403, 200, 200)}
ADMIN_POSTED = {model: POSTED.get(row, row) for model, row in ADMIN_MODELS.items()}
ADMIN_POSTED["axes_accessattempt"] = (200, 403, 302, 200, 200)  # its boxes are all read-only: none is missing
# Pages of the admin without a model: what everybody who is no staff, staff without permissions and the administrator
# get by each method in the order of METHODS; one word stands for all.
READ_ALONE = "200 405 200 405 405 405 200"
FORM = "200 200 200 200 405 405 200"
ADMIN_PAGES = {
    "admin:index": ("login", "200", "200"),
    "admin:login": (FORM, FORM.replace("200", "302", 1), FORM.replace("200", "302", 1)),
    "admin:logout": ("302", "405 200 405 405 405 405 200", "405 200 405 405 405 405 200"),
    "admin:password_change": ("login", FORM, FORM),
    "admin:password_change_done": ("login", READ_ALONE, READ_ALONE),
    # Without a field there is nothing to look up.
    "admin:autocomplete": ("login", "403 405 403 405 405 405 200", "403 405 403 405 405 405 200"),
    "admin:jsi18n": ("login", READ_ALONE, READ_ALONE),
    "admin:view_on_site": ("login", "404", "404"),
    "admin:app_list": ("login", "404", "200"),
    "admin:auth_user_password_change": ("login", "403", "200"),
    "admin:indicators_indicatorversion_next_revision": (
        "login",
        "405 403 405 405 405 405 405",
        "405 302 405 405 405 405 405",
    ),
}
