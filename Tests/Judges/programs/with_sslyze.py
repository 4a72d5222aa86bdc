"""sslyze scans the port for TLS: whether it keeps Mozilla's "intermediate" profile, and what of more doubtful use it offers."""

import json
import os
import pathlib
import subprocess
import sys

# By its name, at this very address.
place = os.environ["EMULATOR_TLS"].removeprefix("https://") + "{127.0.0.1}"
ran = subprocess.run(
    [sys.executable, "-W", "ignore", "-m", "sslyze", "--mozilla_config=intermediate", "--resum", "--early_data", "--json_out=scan.json",
     f"--certinfo_ca_file={os.environ['SSL_CERT_FILE']}", place],
    capture_output=True, text=True,
)  # fmt: skip
if not pathlib.Path("scan.json").exists():
    sys.exit(ran.stdout + ran.stderr)
found = json.loads(pathlib.Path("scan.json").read_text())["server_scan_results"][0]["scan_result"]


def of(command: str) -> dict:
    return found[command]["result"]


seen = {
    "intermediate": "compliant" if ran.returncode == 0 else ran.stdout.splitlines()[-5:],
    "offered": [
        name for name in ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3")
        if of(f"{name}_cipher_suites")["accepted_cipher_suites"]
    ],
    "compression": of("tls_compression")["supports_compression"],
    "early data": of("tls_1_3_early_data")["supports_early_data"],
    "renegotiates for clients": of("session_renegotiation")["is_vulnerable_to_client_renegotiation_dos"],
    "resumes by ticket": of("session_resumption")["tls_ticket_resumption_result"],
}  # fmt: skip
print(json.dumps(seen))
