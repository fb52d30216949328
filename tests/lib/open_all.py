#!/usr/bin/python3
"""open_all.py VAULT ITEMS FOLDER: takes out what `hirz --json add` put in and compares it with the sources.

ITEMS holds the JSON lines of add. Each exhibit is opened into FOLDER and compared byte by byte with the file it came
from. HIRZ names the program. Prints `N same`, or what is wrong and exit code 1.
"""
import base64
import filecmp
import json
import os
import subprocess
import sys

vault, items, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
same = 0
with open(items, encoding='utf-8') as f:
    lines = [json.loads(line) for line in f]
for item in lines:
    if item['type'] != 'item' or item['result'] not in ('sealed', 'duplicate'):
        continue
    source = base64.urlsafe_b64decode(item['path_b64'] + '==') if 'path_b64' in item else os.fsencode(item['path'])
    out = os.path.join(folder, item['id'])
    if not os.path.exists(out):
        subprocess.run([os.environ['HIRZ'], '--vault', vault, 'open', item['id'], '-o', out, '--reason', 'comparison'],
                       check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    if not filecmp.cmp(os.fsencode(out), source, shallow=False):
        sys.exit(f'{item["id"]} is not {source!r}')
    same += 1
print(same, 'same')
