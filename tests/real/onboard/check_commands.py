"""Gives each line of standard input, a command of the AWS CLI, to the real CLI.

The endpoint refuses every connection, so a command that the CLI accepts ends with "Could not connect". Whatever else
it says is a fault of the command and is printed. Exit 1 when there is one, or when there is no command at all.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile

# The CLI reads these when its modules are loaded.
os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_DEFAULT_REGION="us-east-1",
    AWS_MAX_ATTEMPTS="1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_ENDPOINT_URL="http://127.0.0.1:9",
)

import awscli.clidriver  # noqa: E402

# What AWS CLI 2 alone has.
VERSION_2 = {("sso", "login")}

# Content for every file that a command reads.
CONTENT = '{"Objects": [{"Key": "a", "VersionId": "b"}]}'


def arguments(command, folder):
    for word in shlex.split(command)[1:]:
        reads = re.fullmatch(r"(fileb?)://(.+)", word)
        if reads:
            path = os.path.join(folder, os.path.basename(reads[2]))
            with open(path, "w", encoding="utf-8") as file:
                file.write(CONTENT)
            yield f"{reads[1]}://{path}"
        elif re.fullmatch(r"\$[A-Z]+", word):
            yield "d-1234567890"
        else:
            yield word


def without(words, option):
    """A profile exists on no machine that runs this."""
    if option in words:
        at = words.index(option)
        del words[at : at + 2]
    return words


def said(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            awscli.clidriver.create_clidriver().main(words)
        except SystemExit:
            pass
    return out.getvalue() + err.getvalue()


def main():
    commands = [line.strip() for line in sys.stdin if line.strip()]
    faults = 0 if commands else 1
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for command in commands:
            words = without(list(arguments(command, folder)), "--profile")
            if tuple(words[:2]) in VERSION_2:
                continue
            answer = said(words)
            if "Could not connect to the endpoint" not in answer:
                faults += 1
                print(f"{command}\n    {answer.strip()[-400:]}")
    sys.exit(1 if faults else 0)


main()
