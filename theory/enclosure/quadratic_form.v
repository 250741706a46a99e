(* Quadratic forms bounded from below, by a factorization in whole numbers.

   What is proved: let P = L diag(d) L^T with d at least 0, let C differ from c I + P by little, and
   let M be any real matrix within R of C. Multiply its rows and columns by numbers t within g of 1.
   Then the form of the result is at least mu |x|^2 for every real vector x. That mu is small enough
   is decided in whole numbers, by `checked`. *)
Require Import Reals ZArith List Lia Lra.
Import ListNotations.
Open Scope R_scope.

(* Sums over 0, ..., n - 1. *)
Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => sum m f + f m end.

Fixpoint zsum (n : nat) (f : nat -> Z) : Z :=
  match n with O => 0%Z | S m => (zsum m f + f m)%Z end.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [lra|].
  apply Rplus_le_compat; [apply IH; intros|]; apply H; lia.
Qed.

Lemma sum_plus n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma sum_scal n a f : sum n (fun i => a * f i) = a * sum n f.
Proof. induction n as [|n IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma sum_zero n : sum n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; [reflexivity|rewrite IH; lra]. Qed.

Lemma sum_swap n m f :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof.
  induction n as [|n IH]; simpl; [symmetry; apply sum_zero|].
  rewrite IH, <- sum_plus. reflexivity.
Qed.

Lemma sum_at n a i : (i < n)%nat -> sum n (fun j => if Nat.eqb i j then a j else 0) = a i.
Proof.
  induction n as [|n IH]; intros H; [lia|]. simpl.
  destruct (Nat.eqb_spec i n) as [->|ne].
  - rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [lra|].
    intros j Hj. destruct (Nat.eqb_spec n j); [lia|reflexivity].
  - rewrite IH by lia. lra.
Qed.

Lemma sum_IZR n f : IZR (zsum n f) = sum n (fun i => IZR (f i)).
Proof. induction n as [|n IH]; simpl; [reflexivity|rewrite plus_IZR, IH; reflexivity]. Qed.

Definition form n (M : nat -> nat -> R) (y : nat -> R) :=
  sum n (fun i => sum n (fun j => y i * M i j * y j)).
Definition square n (y : nat -> R) := sum n (fun i => y i * y i).

(* The form of L diag(d) L^T is at least 0. *)
Lemma form_gram n (L : nat -> nat -> R) d y : (forall k, (k < n)%nat -> 0 <= d k) ->
  0 <= form n (fun i j => sum n (fun k => d k * L i k * L j k)) y.
Proof.
  intros Hd.
  assert (E : form n (fun i j => sum n (fun k => d k * L i k * L j k)) y
    = sum n (fun k => d k * (sum n (fun i => L i k * y i) * sum n (fun j => L j k * y j)))).
  { transitivity (sum n (fun i => sum n (fun k => sum n (fun j =>
      d k * (L i k * y i) * (L j k * y j))))).
    - apply sum_ext. intros i _. rewrite <- sum_swap. apply sum_ext. intros j _.
      rewrite Rmult_comm, <- Rmult_assoc, <- sum_scal. apply sum_ext. intros. ring.
    - rewrite sum_swap. apply sum_ext. intros k _.
      rewrite (sum_ext n _ (fun i => sum n (fun j => L j k * y j) * d k * (L i k * y i))).
      + rewrite sum_scal. ring.
      + intros i _. rewrite sum_scal. ring. }
  rewrite E, <- (sum_zero n). apply sum_le. intros k Hk.
  apply Rmult_le_pos; [apply Hd, Hk|]. apply Rle_0_sqr.
Qed.

(* The form of a matrix within B of c I + P, whatever P of a form of at least 0: since
   2 |y_i y_j| <= y_i^2 + y_j^2, it is at least c less the largest row sum of B. *)
Lemma form_near n (M P B : nat -> nat -> R) c b y :
  (forall i j, (i < n)%nat -> (j < n)%nat ->
     Rabs (M i j - (if Nat.eqb i j then c else 0) - P i j) <= B i j) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> B i j = B j i) ->
  (forall i, (i < n)%nat -> sum n (fun j => B i j) <= b) ->
  0 <= form n P y ->
  (c - b) * square n y <= form n M y.
Proof.
  intros HM HB Hb HP.
  assert (rows : sum n (fun i => sum n (fun j => B i j * (y i * y i))) <= b * square n y).
  { unfold square. rewrite <- sum_scal. apply sum_le. intros i Hi.
    rewrite (sum_ext n _ (fun j => y i * y i * B i j)) by (intros; ring).
    rewrite sum_scal, Rmult_comm. apply Rmult_le_compat_r; [apply Rle_0_sqr|apply Hb, Hi]. }
  assert (columns : sum n (fun i => sum n (fun j => B i j * (y j * y j)))
      = sum n (fun i => sum n (fun j => B i j * (y i * y i)))).
  { rewrite sum_swap. apply sum_ext. intros i Hi. apply sum_ext. intros j Hj.
    rewrite (HB j i) by assumption. reflexivity. }
  assert (diagonal : sum n (fun i => sum n (fun j => if Nat.eqb i j then c * (y j * y j) else 0))
      = c * square n y).
  { unfold square. rewrite <- sum_scal. apply sum_ext. intros i Hi.
    apply (sum_at n (fun j => c * (y j * y j))), Hi. }
  assert (split : form n P y
      + sum n (fun i => sum n (fun j => if Nat.eqb i j then c * (y j * y j) else 0))
      + (- / 2) * sum n (fun i => sum n (fun j => B i j * (y i * y i)))
      + (- / 2) * sum n (fun i => sum n (fun j => B i j * (y j * y j))) <= form n M y).
  { unfold form. rewrite <- !sum_scal, <- !sum_plus. apply sum_le. intros i Hi.
    rewrite <- !sum_scal, <- !sum_plus. apply sum_le. intros j Hj.
    specialize (HM i j Hi Hj).
    pose proof (Rle_abs (M i j - (if Nat.eqb i j then c else 0) - P i j)) as high.
    pose proof (Rle_abs (- (M i j - (if Nat.eqb i j then c else 0) - P i j))) as low.
    rewrite Rabs_Ropp in low.
    pose proof (Rle_0_sqr (y i - y j)) as minus. pose proof (Rle_0_sqr (y i + y j)) as plus.
    unfold Rsqr in minus, plus.
    set (e := M i j - (if Nat.eqb i j then c else 0) - P i j) in *.
    assert (Me : M i j = P i j + (if Nat.eqb i j then c else 0) + e) by (unfold e; ring).
    assert (0 <= B i j) by lra.
    assert (two : - (B i j * (y i * y i + y j * y j)) <= 2 * (y i * e * y j)).
    { assert (0 <= (B i j + e) * ((y i + y j) * (y i + y j))) by (apply Rmult_le_pos; lra).
      assert (0 <= (B i j - e) * ((y i - y j) * (y i - y j))) by (apply Rmult_le_pos; lra).
      lra. }
    rewrite Me. destruct (Nat.eqb_spec i j) as [->|]; lra. }
  rewrite columns, diagonal in split. lra.
Qed.

(* The certificate: C, its radii and c over 2^places, L and d over 2^bits, g over
   2^relative_places, and what is claimed, numerator / denominator. *)
Section Certificate.
Variables (centre radii : list (list Z)) (shift places : Z).
Variables (lower : list (list Z)) (pivots : list Z) (bits : Z).
Variables (relative relative_places margin numerator denominator : Z).

Definition r := length centre.
Definition unit := (2 ^ places)%Z.
Definition cube := (2 ^ (3 * bits))%Z.
Definition whole := (2 ^ relative_places)%Z.

Definition entry (m : list (list Z)) (i j : nat) := nth j (nth i m []) 0%Z.
Definition product (i j : nat) :=
  zsum r (fun k => nth k pivots 0%Z * entry lower i k * entry lower j k)%Z.
Definition off (i j : nat) :=
  (Z.abs (cube * entry centre i j - (if Nat.eqb i j then cube * shift else 0)
    - unit * product i j) + cube * entry radii i j)%Z.

(* What every i < r has. *)
Definition below (p : nat -> bool) := forallb p (seq 0 r).
Definition checked : bool := (
  below (fun k => 0 <=? nth k pivots 0) &&
  below (fun i => below (fun j => off i j =? off j i)) &&
  below (fun i => zsum r (off i) <=? cube * shift - margin) &&
  (0 <=? relative) && (relative <? whole) && (0 <? numerator) && (0 <? denominator) &&
  (0 <? unit) && (0 <? cube) &&
  (numerator * (cube * unit) * (whole * whole)
    <=? (whole - relative) * (whole - relative) * margin * denominator))%Z%bool.

Lemma below_at p i : below p = true -> (i < r)%nat -> p i = true.
Proof. intros H Hi. apply (proj1 (forallb_forall p _) H). apply in_seq. lia. Qed.

(* The statement at the top; mu is the numerator over the denominator, and above 0. *)
Theorem sound (M : nat -> nat -> R) (t x : nat -> R) :
  checked = true ->
  (forall i j, (i < r)%nat -> (j < r)%nat ->
     Rabs (IZR unit * M i j - IZR (entry centre i j)) <= IZR (entry radii i j)) ->
  (forall i, (i < r)%nat -> Rabs (IZR whole * (t i - 1)) <= IZR relative) ->
  0 < IZR numerator / IZR denominator /\
  IZR numerator / IZR denominator * square r x <= form r (fun i j => t i * M i j * t j) x.
Proof.
  intros accepted HM Ht. pose proof accepted as H. unfold checked in H.
  repeat (apply andb_prop in H; let K := fresh "K" in destruct H as [H K]).
  apply Z.ltb_lt in K0, K1, K2, K3, K4. apply Z.leb_le in K, K5.
  pose proof (IZR_lt _ _ K0) as cube_pos. pose proof (IZR_lt _ _ K1) as unit_pos.
  pose proof (IZR_lt _ _ K2) as den_pos. pose proof (IZR_lt _ _ K3) as num_pos.
  pose proof (IZR_lt _ _ K4) as rel_lt. pose proof (IZR_le _ _ K5) as rel_pos.
  split; [apply Rdiv_lt_0_compat; assumption|].
  set (y := fun i => t i * x i).
  assert (near : (IZR (cube * shift) - IZR (cube * shift - margin)) * square r y
      <= form r (fun i j => IZR cube * (IZR unit * M i j)) y).
  { apply form_near with (P := fun i j => sum r (fun k => IZR unit * IZR (nth k pivots 0%Z)
        * IZR (entry lower i k) * IZR (entry lower j k))) (B := fun i j => IZR (off i j)).
    - intros i j Hi Hj. cbv beta. unfold off. rewrite plus_IZR, abs_IZR, !minus_IZR, !mult_IZR.
      unfold product. rewrite sum_IZR, <- sum_scal.
      rewrite (sum_ext r
        (fun k => IZR unit * IZR (nth k pivots 0%Z * entry lower i k * entry lower j k))
        (fun k => IZR unit * IZR (nth k pivots 0%Z)
          * IZR (entry lower i k) * IZR (entry lower j k)))
        by (intros; rewrite !mult_IZR; ring).
      set (s := sum r _). specialize (HM i j Hi Hj).
      assert (E : IZR cube * (IZR unit * M i j)
            - (if Nat.eqb i j then IZR cube * IZR shift else 0) - s
          = (IZR cube * IZR (entry centre i j)
            - IZR (if Nat.eqb i j then cube * shift else 0)%Z - s)
          + IZR cube * (IZR unit * M i j - IZR (entry centre i j)))
        by (destruct (Nat.eqb i j); [rewrite mult_IZR|]; ring).
      rewrite E. eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l.
      rewrite Rabs_mult, (Rabs_pos_eq (IZR cube)) by lra.
      apply Rmult_le_compat_l; lra.
    - intros i j Hi Hj. apply f_equal, Z.eqb_eq.
      exact (below_at _ j (below_at _ i K7 Hi) Hj).
    - intros i Hi. rewrite <- sum_IZR. apply IZR_le, Z.leb_le. exact (below_at _ i K6 Hi).
    - apply (form_gram r (fun i j => IZR (entry lower i j))
        (fun k => IZR unit * IZR (nth k pivots 0%Z))).
      intros k Hk. apply Rmult_le_pos; [lra|]. apply IZR_le, Z.leb_le. exact (below_at _ k H Hk). }
  assert (scaled : form r (fun i j => IZR cube * (IZR unit * M i j)) y
      = IZR cube * IZR unit * form r (fun i j => t i * M i j * t j) x).
  { unfold form. rewrite <- sum_scal. apply sum_ext. intros i _. rewrite <- sum_scal.
    apply sum_ext. intros j _. unfold y. ring. }
  rewrite scaled, minus_IZR in near. clear scaled.
  replace (IZR (cube * shift) - (IZR (cube * shift) - IZR margin)) with (IZR margin) in near
    by ring.
  assert (long : (IZR whole - IZR relative) * (IZR whole - IZR relative) * square r x
      <= IZR whole * IZR whole * square r y).
  { unfold square. rewrite <- !sum_scal. apply sum_le. intros i Hi. specialize (Ht i Hi).
    pose proof (Rle_abs (- (IZR whole * (t i - 1)))) as low. rewrite Rabs_Ropp in low.
    assert (a : IZR whole - IZR relative <= IZR whole * t i) by lra.
    assert (b : (IZR whole - IZR relative) * (IZR whole - IZR relative)
        <= (IZR whole * t i) * (IZR whole * t i)) by (apply Rmult_le_compat; lra).
    pose proof (Rmult_le_compat_r (x i * x i) _ _ (Rle_0_sqr (x i)) b). unfold y. lra. }
  pose proof (IZR_le _ _ K) as claim. rewrite !mult_IZR, !minus_IZR in claim.
  set (q := form r (fun i j => t i * M i j * t j) x) in *.
  set (w := IZR whole) in *. set (s := IZR cube * IZR unit) in *.
  assert (s_pos : 0 < s) by (apply Rmult_lt_0_compat; assumption).
  assert (w_pos : 0 < w) by lra.
  assert (x_pos : 0 <= square r x).
  { unfold square. rewrite <- (sum_zero r). apply sum_le. intros i _. apply Rle_0_sqr. }
  assert (m_pos : 0 <= IZR margin).
  { destruct (Rle_or_lt 0 (IZR margin)) as [|neg]; [assumption|exfalso].
    assert (0 < IZR numerator * s * (w * w)) by (repeat apply Rmult_lt_0_compat; assumption).
    assert (0 < (w - IZR relative) * (w - IZR relative) * IZR denominator)
      by (repeat apply Rmult_lt_0_compat; lra).
    assert ((w - IZR relative) * (w - IZR relative) * IZR denominator * IZR margin < 0)
      by (rewrite <- (Rmult_0_r ((w - IZR relative) * (w - IZR relative) * IZR denominator));
          apply Rmult_lt_compat_l; assumption).
    lra. }
  apply (Rmult_le_reg_l (s * (w * w) * IZR denominator));
    [repeat apply Rmult_lt_0_compat; assumption|].
  replace (s * (w * w) * IZR denominator * (IZR numerator / IZR denominator * square r x))
    with (IZR numerator * s * (w * w) * square r x) by (field; lra).
  apply Rle_trans with ((w - IZR relative) * (w - IZR relative) * IZR margin * IZR denominator
    * square r x); [apply Rmult_le_compat_r; assumption|].
  apply Rle_trans with (IZR margin * IZR denominator * (w * w * square r y)).
  - pose proof (Rmult_le_compat_l (IZR margin * IZR denominator) _ _
      (Rmult_le_pos _ _ m_pos (Rlt_le _ _ den_pos)) long). lra.
  - pose proof (Rmult_le_compat_l (w * w * IZR denominator) _ _
      (Rlt_le _ _ (Rmult_lt_0_compat _ _ (Rmult_lt_0_compat _ _ w_pos w_pos) den_pos)) near). lra.
Qed.

End Certificate.
