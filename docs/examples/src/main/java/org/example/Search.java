package org.example;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.api.Reranker;

/** Search over a thousand sentences: by the cosine of their vectors, then the best of them again by a re-ranker. */
final class Search {
    private static final int CANDIDATES = 50;
    private static final String[] PLACES = {
        "京都", "大阪", "札幌", "仙台", "福岡", "名古屋", "神戸", "広島", "長崎", "金沢", "奈良", "横浜", "那覇", "新潟", "松山", "高知", "熊本",
        "青森", "盛岡", "静岡"
    };
    private static final String[] DEEDS = {
        "ラーメンを食べた", "寿司を食べた", "うどんを食べた", "カレーを食べた", "弁当を食べた", "茶を飲んだ", "酒を飲んだ", "コーヒーを飲んだ",
        "水を飲んだ", "牛乳を飲んだ", "本を読んだ", "新聞を読んだ", "手紙を読んだ", "詩を読んだ", "地図を読んだ", "本を買った", "靴を買った",
        "傘を買った", "切符を買った", "野菜を買った", "友達に会った", "先生に会った", "家族に会った", "医者に会った", "猫に会った", "電車に乗った",
        "船に乗った", "バスに乗った", "自転車に乗った", "飛行機に乗った", "写真を撮った", "映画を見た", "花を見た", "海を見た", "月を見た",
        "歌を歌った", "絵を描いた", "手紙を書いた", "日記を書いた", "道を聞いた", "音楽を聞いた", "話を聞いた", "家を建てた", "橋を渡った",
        "山に登った", "川で泳いだ", "公園を歩いた", "駅で待った", "店で働いた", "宿に泊まった"
    };

    private Search() {}

    /** The thousand sentences. */
    static List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (String place : PLACES) {
            for (String deed : DEEDS) {
                sentences.add(place + "で" + deed + "。");
            }
        }
        return sentences;
    }

    static void run(EmbeddingModel model, PrintStream out) {
        List<String> sentences = sentences();
        // Once for a corpus; what is kept of it are the vectors.
        List<Embedding> vectors = model.embed(
                sentences.stream().map(EmbeddingInput.Text::new).toList(), EmbeddingOptions.document());

        String question = "神戸の船に乗りたい。";
        Embedding asked = model.embed(question, EmbeddingOptions.query());
        List<String> candidates = IntStream.range(0, sentences.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -asked.cosine(vectors.get(i))))
                .limit(CANDIDATES)
                .map(sentences::get)
                .toList();
        out.println("search: " + candidates.get(0));

        Reranker reranker = model.reranker();
        RankedDocument best = reranker.rank(question, candidates).documents().get(0);
        out.println("re-ranked: " + candidates.get(best.index()));
    }
}
