"""A visitor without a browser: speaks to a real server over HTTP and a WebSocket, in Streamlit's own protocol."""

import asyncio
import re
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from typing import Any
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

PATIENCE = 60
# What a person reads stands in these fields of these elements.
TEXTS = {"html": "body", "markdown": "body", "alert": "body", "text": "body", "heading": "body"}


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def request(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
    """Status, headers and bytes of an answer, whatever the status; 0 where there is none."""
    told = {name.replace("_", "-"): text for name, text in headers.items() if text}
    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(urllib.request.Request(url, body, told, method=method), timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
    except OSError:
        return 0, {}, b""


def signed_in(url: str, person: str, password: str) -> str:
    """The cookie of somebody who signs in by the form, as a browser does."""
    _, headers, page = request(f"{url}/signin")
    found = re.search(rb"name='form' value='([^']*)'", page)
    if not found:
        return ""
    token = found[1].decode()
    body = urllib.parse.urlencode({"form": token, "person": person, "password": password}).encode()
    _, headers, _ = request(f"{url}/signin", "POST", body, origin=url, cookie=f"budget_form={token}")
    cookies = [text.split(";")[0] for text in headers.get_all("set-cookie") or []] if headers else []
    return next((text for text in cookies if text.startswith("budget_session=")), "")


def signed_out(url: str, cookie: str) -> bool:
    """Whether somebody who signs out by the form was told so."""
    _, _, page = request(f"{url}/signout", cookie=cookie)
    token = re.search(rb"name='form' value='([^']*)'", page)
    if not token:
        return False
    body = urllib.parse.urlencode({"form": token[1].decode()}).encode()
    status, _, _ = request(f"{url}/signout", "POST", body, origin=url, cookie=f"{cookie}; budget_form={token[1].decode()}")
    return status == 303


class Visitor:
    """One page session. What the page shows is kept as it arrives; widgets are found by the key that the page gave them."""

    def __init__(self, url: str, cookie: str = "", origin: str | None = None) -> None:
        """A visitor of the server at `url`, not yet there."""
        self.url, self.cookie = url, cookie
        self.origin = url if origin is None else origin
        self.session, self.page, self.query, self.xsrf = "", "", "", ""
        self.elements: dict[tuple[int, ...], Any] = {}
        # What was typed or chosen is sent with every run, as a browser does.
        self.states: dict[str, WidgetState] = {}
        self._socket: Any = None

    @property
    def is_there(self) -> bool:
        """Whether a page has been opened."""
        return self._socket is not None

    async def arrive(self, page: str = "", query: str = "lang=zh", session: str = "") -> None:
        """Open a page and wait until it is drawn."""
        _, headers, _ = await asyncio.to_thread(request, f"{self.url}/_stcore/health", cookie=self.cookie)
        cookies = [text.split(";")[0] for text in (headers.get_all("set-cookie") or [])]
        self.xsrf = next((text.partition("=")[2] for text in cookies if text.startswith("_streamlit_xsrf=")), "")
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        told = {"Cookie": "; ".join(filter(None, (self.cookie, f"_streamlit_xsrf={self.xsrf}")))}
        protocols = ["streamlit", self.xsrf or "none", *([session] if session else [])]
        self._socket = await connect(
            address, origin=self.origin or None, additional_headers=told, subprotocols=protocols, max_size=None, open_timeout=PATIENCE
        )
        self.page, self.query = page, query
        await self.run()

    async def leave(self) -> None:
        """Close the connection."""
        if self._socket:
            await self._socket.close()
            self._socket = None

    async def run(self, *states: WidgetState, hash_: str = "", fragment: str = "") -> None:
        """Send what was clicked or typed, and wait until the page is drawn again."""
        await self.send(*states, hash_=hash_, fragment=fragment)
        await self.drawn()

    async def send(self, *states: WidgetState, hash_: str = "", fragment: str = "") -> None:
        """Send what was clicked or typed and do not wait."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        self.states |= {state.id: state for state in states if not state.HasField("trigger_value")}
        clicks = [state for state in states if state.HasField("trigger_value")]
        shown = {getattr(getattr(one, one.WhichOneof("type")), "id", "") for one in self.elements.values()}
        message.rerun_script.widget_states.widgets.extend([*(self.states[one] for one in self.states if one in shown), *clicks])
        message.rerun_script.page_name = "" if hash_ else self.page
        message.rerun_script.page_script_hash = hash_
        message.rerun_script.fragment_id = fragment
        message.rerun_script.context_info.locale = "zh-CN"
        message.rerun_script.context_info.timezone = "Asia/Shanghai"
        message.rerun_script.context_info.url = f"{self.url}/{self.page}"
        await self._socket.send(message.SerializeToString())

    async def drawn(self) -> None:
        """Take in what the server sends until a run has ended that nothing follows."""
        while True:
            message = await self._next()
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return

    async def _next(self) -> ForwardMsg:
        message = ForwardMsg()
        # Not wait_for, which in 3.11 may swallow a cancellation that comes together with a message.
        async with asyncio.timeout(PATIENCE):
            message.ParseFromString(await self._socket.recv())
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.elements = {}
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            path = tuple(message.metadata.delta_path)
            if message.delta.WhichOneof("type") == "new_element":
                self.elements[path] = message.delta.new_element
            elif message.delta.WhichOneof("type") == "add_block":
                self.elements = {place: one for place, one in self.elements.items() if place[: len(path)] != path}
        return message

    def widget(self, key: str) -> Any:
        """The widget to which the page gave this key; KeyError where there is none."""
        for element in self.elements.values():
            found = getattr(element, element.WhichOneof("type"))
            if getattr(found, "id", "").endswith(f"-{key}"):
                return found
        raise KeyError(key)

    def keys(self, kind: str) -> list[str]:
        """The keys of all widgets of a kind."""
        found = [getattr(element, kind).id for element in self.elements.values() if element.WhichOneof("type") == kind]
        return [one.split("-", 2)[2] for one in found]

    def key(self, kind: str, pattern: str = "") -> str:
        """The key of the first widget of a kind that the pattern fits; KeyError where the page has none."""
        for key in self.keys(kind):
            if re.search(pattern, key):
                return key
        raise KeyError(f"{kind} {pattern}")

    def text(self) -> str:
        """What a person reads on the page."""
        parts = []
        for _, element in sorted(self.elements.items()):
            kind = element.WhichOneof("type")
            if kind in TEXTS:
                parts.append(unescape(re.sub(r"<[^>]*>", " ", getattr(getattr(element, kind), TEXTS[kind]))))
        return "\n".join(parts)

    def success(self) -> str:
        """What the page says was done."""
        return "\n".join(alert.body for alert in self._alerts() if alert.format == alert.SUCCESS)

    def refusal(self) -> str:
        """What the page says could not be done."""
        return "\n".join(alert.body for alert in self._alerts() if alert.format == alert.ERROR)

    def _alerts(self) -> list[Any]:
        return [one.alert for one in self.elements.values() if one.WhichOneof("type") == "alert"]

    def typed(self, key: str, text: str) -> WidgetState:
        """A text as typed into a field."""
        return WidgetState(id=self.widget(key).id, string_value=text)

    def chosen(self, key: str, place: int) -> WidgetState:
        """A line chosen from a list, by its place."""
        widget = self.widget(key)
        return WidgetState(id=widget.id, string_value=widget.options[place])

    def clicked(self, key: str) -> WidgetState:
        """A click on a button."""
        return WidgetState(id=self.widget(key).id, trigger_value=True)

    async def uploaded(self, key: str, name: str, content: bytes) -> WidgetState:
        """A file chosen in an uploader: sent as a browser does, first the bytes, then the word of them."""
        widget, message = self.widget(key).id, BackMsg()
        message.file_urls_request.request_id = uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        await self._socket.send(message.SerializeToString())
        while (answer := await self._next()).WhichOneof("type") != "file_urls_response":
            pass
        urls = answer.file_urls_response.file_urls[0]
        status = await asyncio.to_thread(self.put, urls.upload_url, name, content)
        if status not in (200, 204):
            raise OSError(f"upload refused: {status}")
        state = WidgetState(id=widget)
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.name, file.size, file.file_id = name, len(content), urls.file_id
        file.file_urls.CopyFrom(urls)
        return state

    def put(self, path: str, name: str, content: bytes) -> int:
        """The status that a file gets at an address of uploads."""
        edge = uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
        cookie = "; ".join(filter(None, (self.cookie, f"_streamlit_xsrf={self.xsrf}")))
        told = {"content_type": f"multipart/form-data; boundary={edge}", "x_xsrftoken": self.xsrf, "cookie": cookie, "origin": self.origin}
        return request(f"{self.url}/{path.lstrip('/')}", "PUT", head + content + f"\r\n--{edge}--\r\n".encode(), **told)[0]
