<?php
// NukeViet's news, written as its editor's form writes them: rows, details, and the table of the category.
$root = $argv[1];
$asked = json_decode(file_get_contents('php://stdin'), true);
$db = new PDO("mysql:host=127.0.0.1;port={$asked['port']};dbname=lab;charset=utf8mb4", 'root', '',
    [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$db->exec("SET SESSION sql_mode=''");
$news = 'nv4_vi_news';
$insert = function (string $table, array $row) use ($db): void {
    $columns = implode(', ', array_keys($row));
    $marks = implode(', ', array_fill(0, count($row), '?'));
    $db->prepare("REPLACE INTO $table ($columns) VALUES ($marks)")->execute(array_values($row));
};
$said = [];
switch ($asked['do']) {
    case 'install':
        foreach ($db->query("SHOW TABLES LIKE '{$news}\\_%'")->fetchAll(PDO::FETCH_COLUMN) as $table) {
            if (preg_match("/^{$news}_([0-9]+|rows|detail|block|tags|tags_id|topics)$/", $table)) {
                $db->exec("DELETE FROM $table");
            }
        }
        $id = 0;
        foreach ($asked['categories'] as $slug => $name) {
            ++$id;
            $db->prepare("UPDATE {$news}_cat SET title = ?, alias = ?, viewcat = 'viewcat_page_new' WHERE catid = ?")
                ->execute([$name, $slug, $id]);
        }
        $db->exec("UPDATE {$news}_cat SET status = 0 WHERE catid > $id");
        $db->exec("UPDATE {$news}_cat SET numsubcat = 0, subcatid = ''");
        $said['version'] = $db->query("SELECT config_value FROM nv4_config WHERE config_name = 'version' LIMIT 1")->fetchColumn();
        break;
    case 'put':
        $categories = array_flip(array_keys($asked['categories']));
        foreach ($asked['articles'] as $one) {
            $category = $categories[$one['category']] + 1;
            $row = [
                'id' => $one['number'], 'catid' => $category, 'listcatid' => (string) $category, 'admin_id' => 1,
                'author' => $one['byline'], 'addtime' => $one['timestamp'], 'edittime' => $one['edited'] ?: $one['timestamp'],
                'status' => $one['draft'] ? 4 : 1, 'weight' => $one['number'], 'publtime' => $one['timestamp'],
                'title' => $one['title'], 'alias' => $one['slug'], 'hometext' => $one['lead'], 'inhome' => 1,
                'allowed_comm' => '6', 'allowed_rating' => 1,
            ];
            $insert("{$news}_rows", $row);
            $insert("{$news}_{$category}", $row);
            $insert("{$news}_detail", ['id' => $one['number'], 'description' => '', 'bodyhtml' => $one['html'],
                'imgposition' => 2, 'allowed_send' => 1, 'allowed_print' => 1, 'allowed_save' => 1]);
            $said[$one['number']] = $one['draft'] ? '' : "{$asked['address']}/{$one['category']}/{$one['slug']}-{$one['number']}.html";
        }
        break;
    case 'delete':
        foreach ($asked['numbers'] as $number) {
            foreach (['rows', 'detail', '1', '2', '3'] as $table) {
                $db->exec("DELETE FROM {$news}_$table WHERE id = " . (int) $number);
            }
        }
        break;
    case 'page':
        $db->exec('DELETE FROM nv4_vi_about');
        $insert('nv4_vi_about', ['id' => 1, 'title' => $asked['title'], 'alias' => $asked['slug'], 'description' => '',
            'bodytext' => $asked['html'], 'status' => 1, 'weight' => 1, 'add_time' => time(), 'edit_time' => time()]);
        break;
}
foreach (glob("$root/data/cache/*/*.cache") ?: [] as $file) {
    unlink($file);
}
echo json_encode($said ?: new stdClass()), "\n";
