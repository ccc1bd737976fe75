<?php
// For PHP's web server: the rules that NukeViet writes into its .htaccess.
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = $_SERVER['DOCUMENT_ROOT'];
$_SERVER['SERVER_PORT'] = (string) (parse_url('http://' . $_SERVER['HTTP_HOST'], PHP_URL_PORT) ?: 80);
$_SERVER['SERVER_NAME'] = parse_url('http://' . $_SERVER['HTTP_HOST'], PHP_URL_HOST);
$script = '/index.php';
if ($path === '/robots.txt') {
    $script = '/robots.php';
    $_GET['action'] = $_SERVER['HTTP_HOST'];
} elseif ($path !== '/' && is_file($root . $path)) {
    if (!str_ends_with($path, '.php')) {
        return false;
    }
    $script = $path;
} elseif (is_file($root . rtrim($path, '/') . '/index.php')) {
    $script = rtrim($path, '/') . '/index.php';
} elseif (preg_match('#^/(.*?)sitemap\.xml$#', $path)) {
    $_GET['nv'] = 'SitemapIndex';
} elseif (preg_match('#^/(.*?)sitemap-([a-z]{2})\.xml$#', $path, $found)) {
    $_GET += ['language' => $found[2], 'nv' => 'SitemapIndex'];
} elseif (preg_match('#^/(.*?)sitemap-([a-z]{2})\.([a-zA-Z0-9-]+)(?:\.([a-zA-Z0-9-]+))?\.xml$#', $path, $found)) {
    $_GET += ['language' => $found[2], 'nv' => $found[3], 'op' => isset($found[4]) ? "sitemap/{$found[4]}" : 'sitemap'];
} elseif (preg_match('#^/(?:[a-zA-Z0-9-/]+/)?[a-zA-Z0-9-]+$#', $path)) {
    header('Location: ' . $path . '/', true, 301);
    return true;
} elseif (!preg_match('#(/|\.html)$|tag/[^?]+$#', $path)) {
    http_response_code(404);
    echo '404';
    return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir(dirname($root . $script));
require $root . $script;
