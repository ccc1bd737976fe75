<?php
// For PHP's web server: files as they are, folders with an index.php of their own, all else to the CMS.
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = $_SERVER['DOCUMENT_ROOT'];
if ($path !== '/' && is_file($root . $path) && !str_ends_with($path, '.php')) {
    return false;
}
$script = is_dir($root . $path) ? rtrim($path, '/') . '/index.php' : $path;
if (!is_file($root . $script) || !str_ends_with($script, '.php')) {
    $script = '/index.php';
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
$_SERVER['SERVER_PORT'] = (string) (parse_url('http://' . $_SERVER['HTTP_HOST'], PHP_URL_PORT) ?: 80);
chdir(dirname($root . $script));
require $root . $script;
