<?php
// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.
//
// PHP's own sessions, in files, with the routes of BenchServer.

header('Content-Type: text/plain');
switch ($_SERVER['DOCUMENT_URI']) {
    case '/hello':
        echo 'Hello';
        break;
    case '/':
        session_start();
        echo isset($_SESSION['username']) ? "Logged in as {$_SESSION['username']}" : 'You are not logged in';
        break;
    case '/count':
        session_start();
        $_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1;
        echo $_SESSION['n'];
        break;
    case '/login':
        session_start();
        $_SESSION['username'] = $_POST['username'];
        echo "Welcome {$_SESSION['username']}";
        break;
    default:
        http_response_code(404);
}
