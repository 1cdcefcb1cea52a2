"""What a sign-in request says, wherever it says it."""

from werkzeug.wrappers import Request


def base_of(request: Request) -> str:
    return request.host_url.rstrip("/")


def form_of(request: Request) -> dict[str, str]:
    """The form's fields, with the credentials of HTTP Basic where they came that way."""
    form = {**request.args.to_dict(), **request.form.to_dict()}
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        form |= {"client_id": basic.username or "", "client_secret": basic.password or ""}
    return form
